package io.mosaicdb.crawler.page;

import io.mosaicdb.crawler.fetch.ResponseHeaders;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Prints what is read of pages on disk, to be judged by eye: {@code PageSamples <folder> <every
 * n-th> [characters]}, or one file. Ends with the time and the share of bytes that became text.
 */
final class PageSamples {
  private PageSamples() {}

  public static void main(String[] arguments) throws IOException {
    Path root = Path.of(arguments[0]);
    int step = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1;
    int characters = arguments.length > 2 ? Integer.parseInt(arguments[2]) : Integer.MAX_VALUE;
    List<Path> files;
    try (Stream<Path> walk = Files.walk(root)) {
      files = walk.filter(Files::isRegularFile).sorted().toList();
    }
    PageReader reader = new PageReader();
    long bytes = 0;
    long text = 0;
    int pages = 0;
    int empty = 0;
    long start = System.nanoTime();
    for (int i = 0; i < files.size(); i++) {
      byte[] body = Files.readAllBytes(files.get(i));
      URI url =
          URI.create(
              "http://www.example.org/"
                  + root.relativize(files.get(i)).toString().replace(" ", "%20"));
      if (!(reader.read(url, ResponseHeaders.NONE, body)
          instanceof PageResult.Readable(Page page))) {
        continue;
      }
      pages++;
      bytes += body.length;
      text += page.text().length();
      empty += page.text().isEmpty() ? 1 : 0;
      if (i % step == 0 && characters > 0) {
        print(page, characters);
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%,d pages, %,d without text, %.1f MB of bytes, %.1f MB of text, %.1f ms a page%n",
        pages,
        empty,
        bytes / 1e6,
        text / 1e6,
        (System.nanoTime() - start) / 1e6 / Math.max(1, pages));
  }

  private static void print(Page page, int characters) {
    String text = page.text();
    System.out.printf(
        "===== %s%ntitle: %s%ndescription: %s%nlanguage: %s, charset: %s, published: %s, modified: %s, canonical: %s%nheadings: %s%n%d links, %s%ncuts: %s%n-----%n%s%n",
        page.url(),
        page.title(),
        page.description(),
        page.language(),
        page.charset(),
        page.published(),
        page.modified(),
        page.canonical(),
        page.headings().stream().limit(8).toList(),
        page.links().size(),
        page.links().stream().limit(3).toList(),
        page.cuts(),
        text.length() <= characters
            ? text
            : text.substring(0, characters / 2)
                + "\n[…]\n"
                + text.substring(text.length() - characters / 2));
  }
}

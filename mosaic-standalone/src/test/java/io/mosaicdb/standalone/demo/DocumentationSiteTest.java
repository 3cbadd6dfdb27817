package io.mosaicdb.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jsoup.Jsoup;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocumentationSiteTest {
  @TempDir Path folder;
  private final HttpClient http = HttpClient.newHttpClient();
  private DocumentationSite site;

  @BeforeEach
  void open() throws IOException {
    var file = folder.resolve("org.acme.acme-1.0-javadoc.jar");
    try (var zip = new ZipOutputStream(Files.newOutputStream(file))) {
      for (String name : new String[] {"Tile", "Mortar"}) {
        zip.putNextEntry(new ZipEntry("org/acme/" + name + ".html"));
        zip.write(javadoc(name).getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
      }
    }
    site = DocumentationSite.open(JavadocJar.findAll(folder), 0);
  }

  private static String javadoc(String name) {
    return """
    <body><ol class="sub-nav-list"><li><a href="package-summary.html">org.acme</a></li></ol>
    <main><h1 class="title">Class %s</h1><section class="class-description">
    <div class="block">A piece of stone &lt;or&gt; glass that is pressed into <a href="Mortar.html">wet
    mortar</a>, see <a href="Missing.html">more</a>.</div></section></main></body>
    """
        .formatted(name);
  }

  @AfterEach
  void close() {
    site.close();
    http.close();
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(site.address().resolve(path)).build(), BodyHandlers.ofString());
  }

  @Test
  void whoFollowsLinksFromTheFrontPageFindsEveryPageAndNoDeadEnd() throws Exception {
    var found = new TreeSet<String>();
    var next = new ArrayDeque<>(List.of(site.address().toString()));
    while (!next.isEmpty()) {
      var url = next.remove();
      if (!found.add(URI.create(url).getPath())) {
        continue;
      }
      var answer = get(url);
      assertThat(answer.statusCode()).as(url).isEqualTo(200);
      Jsoup.parse(answer.body(), url).select("a[href]:not([rel=nofollow])").stream()
          .map(link -> link.absUrl("href"))
          .forEach(next::add);
    }

    assertThat(found)
        .containsExactly("/", "/acme/", "/acme/org/acme/Mortar.html", "/acme/org/acme/Tile.html");
    assertThat(site.contents()).isEqualTo(new DocumentationSite.Contents(1, 2));
    assertThat(site.requests()).isEqualTo(4);
  }

  @Test
  void aPageSaysWhatItIsAboutAndListsAskNotToBeIndexed() throws Exception {
    var page = Jsoup.parse(get("/acme/org/acme/Tile.html").body());

    assertThat(page.title()).isEqualTo("Tile");
    assertThat(page.select("main").text())
        .startsWith("Tile A piece of stone <or> glass")
        .endsWith("class of package org.acme in acme");
    assertThat(page.select("meta[name=robots]")).isEmpty();
    assertThat(Jsoup.parse(get("/acme/").body()).select("meta[name=robots]").attr("content"))
        .isEqualTo("noindex");
    assertThat(get("/robots.txt").body()).contains("Allow: /");
    assertThat(get("/nowhere").statusCode()).isEqualTo(404);
  }

  @Test
  void aPortThatIsTakenIsNamed() {
    int port = site.address().getPort();

    assertThatIOException()
        .isThrownBy(() -> DocumentationSite.open(JavadocJar.findAll(folder), port))
        .withMessageContaining("port " + port)
        .withMessageContaining("MOSAIC_SITE_PORT");
  }
}

package io.mosaicdb.crawler.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.mosaicdb.crawler.fetch.ResponseHeaders;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Megabytes made to hurt parsers. The time-outs are for hangs, a hundred times what is needed. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class HostileMarkupTest {
  private static final URI URL = URI.create("http://h.example/");

  @Test
  void cutsTenMegabytesOfNestedElements() {
    assertThat(read("<div>".repeat(2_000_000)).cuts())
        .contains("the document is cut after 300,000 elements");
    assertThat(read("<b a>".repeat(700_000)).cuts()).isNotEmpty();
  }

  @Test
  void readsAnElementOfAMillionAttributes() {
    StringBuilder html = new StringBuilder("<p>before<a ");
    for (int i = 0; i < 1_000_000; i++) {
      html.append('a').append(i).append("=1 ");
    }

    assertThat(read(html + ">after</a>").text()).isEqualTo("beforeafter");
  }

  @Test
  void survivesFormattingThatBrokenMarkupMultiplies() {
    StringBuilder html = new StringBuilder();
    for (int i = 0; i < 500; i++) {
      html.append("<b id=").append(i).append('>');
    }

    assertThat(read(html + "<p>x".repeat(60_000)).text()).startsWith("x");
  }

  @Test
  void survivesTablesFormsAndScriptsThatNeverEnd() {
    for (String part :
        new String[] {
          "<table><tr><td>",
          "<form><select><option>",
          "<!--",
          "<script>",
          "<![CDATA[",
          "</p></div>",
          "<a href=",
          "&#x10ffff;",
          "<svg><math>",
          "<template>"
        }) {
      assertThat(read("<p>text</p>" + part.repeat(30_000)).text()).as(part).contains("text");
    }
  }

  @Test
  void readsRandomBytes() {
    Random random = new Random(3);
    for (int i = 0; i < 15; i++) {
      byte[] bytes = new byte[5_000];
      random.nextBytes(bytes);

      assertThat(read(bytes).url()).as("bytes %d", i).isEqualTo(URL);
    }
  }

  @Test
  void keepsTheWordsOfRandomTags() {
    String[] shown = {
      "p",
      "table",
      "tr",
      "td",
      "b",
      "a href=x",
      "nav",
      "main",
      "pre",
      "div",
      "ul",
      "li",
      "h1",
      "footer",
      "/p",
      "/table",
      "/b",
      "/a",
      "/main",
      "/div",
      "body",
      "html",
      "br",
      "hr"
    };
    Random random = new Random(3);
    for (int i = 0; i < 15; i++) {
      assertThat(read(tags(random, shown)).text()).as("tags %d", i).contains("word");
    }
  }

  @Test
  void survivesRandomTagsThatHideAndReplace() {
    String[] hiding = {
      "template",
      "select",
      "svg",
      "math",
      "frameset",
      "noscript",
      "script",
      "style",
      "p",
      "table",
      "b",
      "/template",
      "/select",
      "/svg",
      "/noscript",
      "/script",
      "/style",
      "/b",
      "/table",
      "plaintext"
    };
    Random random = new Random(4);
    for (int i = 0; i < 15; i++) {
      assertThat(read(tags(random, hiding)).cuts()).as("tags %d", i).isEmpty();
    }
  }

  private static String tags(Random random, String[] names) {
    StringBuilder tags = new StringBuilder();
    for (int j = 0; j < 2_000; j++) {
      tags.append('<')
          .append(names[random.nextInt(names.length)])
          .append('>')
          .append(j % 3 == 0 ? "word " : "");
    }
    return tags.toString();
  }

  private static Page read(String html) {
    return read(html.getBytes(StandardCharsets.UTF_8));
  }

  private static Page read(byte[] body) {
    PageResult result =
        new PageReader().read(URL, ResponseHeaders.of("Content-Type", "text/html"), body);
    return ((PageResult.Readable) result).page();
  }
}

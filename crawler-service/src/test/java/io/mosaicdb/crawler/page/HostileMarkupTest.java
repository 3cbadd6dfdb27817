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
  @Test
  void cutsTenMegabytesOfNestedElements() {
    assertThat(read("<div>".repeat(2_000_000)).cuts())
        .contains("the document is cut after 300,000 elements");
    assertThat(read("<b a>".repeat(2_000_000)).cuts()).isNotEmpty();
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

    assertThat(read(html + "<p>x".repeat(500_000)).text()).startsWith("x");
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
      assertThat(read("<p>text</p>" + part.repeat(200_000)).text()).as(part).contains("text");
    }
  }

  @Test
  void readsRandomBytesAndRandomTags() {
    Random random = new Random(3);
    for (int i = 0; i < 60; i++) {
      byte[] bytes = new byte[5_000];
      random.nextBytes(bytes);
      read(bytes);
      StringBuilder tags = new StringBuilder();
      String[] names = {
        "p",
        "table",
        "tr",
        "td",
        "b",
        "a href=x",
        "select",
        "template",
        "svg",
        "nav",
        "main",
        "pre",
        "noscript",
        "/p",
        "/table",
        "/b",
        "/a",
        "/main",
        "frameset",
        "body",
        "html",
        "br",
        "hr"
      };
      for (int j = 0; j < 2_000; j++) {
        tags.append('<')
            .append(names[random.nextInt(names.length)])
            .append('>')
            .append(j % 3 == 0 ? "word " : "");
      }
      assertThat(read(tags.toString()).text()).as("tags %d", i).contains("word");
    }
  }

  private static Page read(String html) {
    return read(html.getBytes(StandardCharsets.UTF_8));
  }

  private static Page read(byte[] body) {
    PageResult result =
        new PageReader()
            .read(
                URI.create("http://h.example/"),
                ResponseHeaders.of("Content-Type", "text/html"),
                body);
    return ((PageResult.Readable) result).page();
  }
}

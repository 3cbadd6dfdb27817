package io.mosaicdb.documents;

import static org.assertj.core.api.Assertions.assertThat;

import io.mosaicdb.documents.DocumentText.Outcome;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class DocumentParserTest {
  private final DocumentParser parser = new DocumentParser();

  private DocumentText read(String type, byte[] body) {
    return parser.read(type, body, 100_000, 100);
  }

  @Test
  void readsTextTitleDateAndLinksOfAPdf() {
    var document =
        read(Samples.PDF, Samples.pdf("On tapirs", "Tapirs have a short", "prehensile snout."));

    assertThat(document.outcome()).as(document.detail()).isEqualTo(Outcome.READ);
    assertThat(document.title()).isEqualTo("On tapirs");
    assertThat(document.text()).contains("Tapirs have a short prehensile snout.");
    assertThat(document.created()).isEqualTo(Instant.parse("2024-01-31T12:00:00Z"));
    assertThat(document.links()).extracting("target").containsExactly("https://docs.example/next");
    assertThat(document.cut()).isFalse();
  }

  @Test
  void readsHeadingsAndLinksOfAWordDocument() {
    var document = read(Samples.DOCX, Samples.docx("Of moles", "They dig. They hardly see."));

    assertThat(document.outcome()).as(document.detail()).isEqualTo(Outcome.READ);
    assertThat(document.title()).isEqualTo("A title of its own");
    assertThat(document.headings()).containsExactly(new DocumentText.Heading(1, "Of moles"));
    assertThat(document.text()).isEqualTo("Of moles\nThey dig. They hardly see.\nfurther reading");
    assertThat(document.links())
        .containsExactly(new DocumentText.Link("https://docs.example/more", "further reading"));
    assertThat(document.created()).isEqualTo(Instant.parse("2023-05-06T07:08:09Z"));
  }

  @Test
  void readsAWordDocumentThatTheServerTookForAnother() {
    assertThat(read("application/msword", Samples.docx("Of moles", "They dig.")).text())
        .contains("They dig.");
  }

  @Test
  void stopsAtTheTextAndTheLinksThatAreWanted() {
    var document = parser.read(Samples.DOCX, Samples.docx("Of moles", "x".repeat(500)), 100, 0);

    assertThat(document.outcome()).isEqualTo(Outcome.READ);
    assertThat(document.cut()).isTrue();
    assertThat(document.text()).hasSize(100).startsWith("Of moles\nxxx");
    assertThat(document.links()).isEmpty();
  }

  @Test
  void namesWhatItCannotRead() {
    assertThat(read(Samples.PDF, Samples.encryptedPdf()).outcome()).isEqualTo(Outcome.ENCRYPTED);
    assertThat(read(Samples.PDF, "%PDF-1.7 and nothing".getBytes(StandardCharsets.UTF_8)).outcome())
        .isEqualTo(Outcome.BROKEN);
    var half = Samples.docx("Of moles", "They dig.");
    assertThat(read(Samples.DOCX, Arrays.copyOf(half, half.length / 2)).outcome())
        .isIn(Outcome.BROKEN, Outcome.UNKNOWN_TYPE);
    assertThat(read(Samples.PDF, "no PDF".getBytes(StandardCharsets.UTF_8)).outcome())
        .isIn(Outcome.BROKEN, Outcome.UNKNOWN_TYPE);
    assertThat(read(Samples.PDF, new byte[0]).outcome()).isEqualTo(Outcome.BROKEN);
    assertThat(read(Samples.DOCX, Samples.bomb()).outcome()).isEqualTo(Outcome.BOMB);
  }
}

package io.mosaicdb.crawler.page;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What another reader found in a document that is no markup, such as a PDF.
 *
 * @param title empty where it has none
 * @param language as it says, empty where it does not
 * @param text a line a block
 * @param links targets as they stand there
 * @param cuts what was left out for a limit's sake, one sentence each
 */
public record DocumentText(
    String title,
    String description,
    String language,
    @Nullable Instant created,
    @Nullable Instant modified,
    String text,
    List<Heading> headings,
    List<Link> links,
    List<String> cuts) {
  /** A document without anything. */
  public static final DocumentText EMPTY =
      new DocumentText("", "", "", null, null, "", List.of(), List.of(), List.of());

  public DocumentText {
    headings = List.copyOf(headings);
    links = List.copyOf(links);
    cuts = List.copyOf(cuts);
  }

  /** A link as it stands in the document. */
  public record Link(String target, String words) {}
}

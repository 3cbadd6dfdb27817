package io.mosaicdb.crawler.page;

/** What came of reading a response as a page. */
public sealed interface PageResult {
  /** A page, to be indexed as far as its directives allow. */
  @SuppressWarnings("AvoidCommonTypeNames") // Says what it is beside its two siblings.
  record Readable(Page page) implements PageResult {}

  /**
   * Not of a type that is read, with the type that it has or seems to have, such as {@code
   * image/png}.
   */
  record NotText(String mediaType) implements PageResult {}

  /**
   * Of a type that is read, but not to be read.
   *
   * @param reason one word, such as {@code document_broken}
   * @param detail in words
   */
  record Unreadable(String reason, String detail) implements PageResult {}
}

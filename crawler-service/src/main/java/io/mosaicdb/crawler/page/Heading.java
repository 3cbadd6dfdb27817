package io.mosaicdb.crawler.page;

/** A heading of a page: its level, 1 to 6, and its words. */
public record Heading(int level, String text) {
  public Heading {
    if (level < 1 || level > 6) {
      throw new IllegalArgumentException("level must be 1 to 6, got " + level);
    }
  }
}

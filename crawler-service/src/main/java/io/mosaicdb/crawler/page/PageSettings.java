package io.mosaicdb.crawler.page;

/**
 * The bounds of reading a page.
 *
 * @param agent the product token whose own robots directives are obeyed beside everyone's
 * @param maxBytes of a body that are looked at
 * @param maxElements of a document that are kept; it is cut where it has more
 * @param maxTextLength characters of main text
 * @param maxLinks links of one page
 */
public record PageSettings(
    String agent, int maxBytes, int maxElements, int maxTextLength, int maxLinks) {
  /** About ten times what the largest pages of the web have. */
  public static final PageSettings DEFAULTS =
      new PageSettings("mosaicdb", 20_000_000, 300_000, 2_000_000, 20_000);

  public PageSettings {
    requirePositive("maxBytes", maxBytes);
    requirePositive("maxElements", maxElements);
    requirePositive("maxTextLength", maxTextLength);
    requirePositive("maxLinks", maxLinks);
  }

  /** The same bounds for a crawler of another name. */
  public PageSettings withAgent(String product) {
    return new PageSettings(product, maxBytes, maxElements, maxTextLength, maxLinks);
  }

  private static void requirePositive(String name, int value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " must be > 0, got " + value);
    }
  }
}

package io.mosaicdb.crawler.page;

/**
 * A paragraph, list item, table row, heading or other run of text that a page shows by itself.
 *
 * @param text without space around it; may have lines
 * @param letters characters that are no white space
 * @param linked those of them inside links
 * @param words runs between white space; in scripts without spaces, half of the letters
 * @param level of a heading, 0 for other blocks
 * @param preformatted whether its white space is the author's, as in code
 * @param ruled whether a line is drawn above it
 */
record Block(
    String text,
    int letters,
    int linked,
    int words,
    int level,
    boolean preformatted,
    boolean ruled) {
  /** Share of the letters that are link. */
  double linkDensity() {
    return letters == 0 ? 0 : (double) linked / letters;
  }

  /**
   * Whether somebody wrote it to be read: ten words or more, of which at most a third are links.
   * The two features and about these bounds are what Kohlschütter, Fankhauser and Nejdl,
   * Boilerplate Detection using Shallow Text Features, WSDM 2010, found to tell text from
   * templates.
   */
  boolean isProse() {
    return level == 0 && linkDensity() <= .34 && (words >= 10 || (preformatted && letters >= 10));
  }

  boolean isNavigation() {
    return letters > 0 && linkDensity() > .5;
  }
}

package io.mosaicdb.crawler.duplicate;

import java.net.URI;
import java.util.List;

/**
 * Where a page stands among its duplicates after a change.
 *
 * @param shown the page to be shown for it: itself, unless it is a duplicate
 * @param kind how it relates to the page that it is folded into
 * @param distance differing bits of the two SimHashes, 0 for a unique page and for an exact
 *     duplicate
 * @param folded pages that were shown until now and no longer are: their documents leave the index
 * @param unfolded pages that were folded until now and are to be shown again: they are to be
 *     indexed
 */
public record Folding(URI shown, Kind kind, int distance, List<URI> folded, List<URI> unfolded) {
  /** How a page relates to the one that it is folded into. */
  public enum Kind {
    UNIQUE,
    EXACT,
    NEAR
  }

  public Folding {
    folded = List.copyOf(folded);
    unfolded = List.copyOf(unfolded);
  }
}

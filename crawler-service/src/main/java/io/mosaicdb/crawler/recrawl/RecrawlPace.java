package io.mosaicdb.crawler.recrawl;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The pace at which one page is looked at again. A page that changed is looked at after half the
 * time, one that did not after half as much again; so a page that changes every so often is found
 * at about that pace after a few looks, whatever pace it began with. What could not be seen leaves
 * the pace as it is.
 *
 * @param first for a page that was seen once
 * @param shortest between two looks
 * @param longest between two looks
 */
public record RecrawlPace(Duration first, Duration shortest, Duration longest) {
  /** What a look at a page found. */
  public enum Look {
    /** Another text than the last time. */
    CHANGED,
    /** The same text, or the server's word that nothing changed. */
    UNCHANGED,
    /** Nothing: the server failed, or was not reached. */
    FAILED
  }

  public RecrawlPace {
    if (!shortest.isPositive()) {
      throw new IllegalArgumentException("shortest must be > 0, got " + shortest);
    }
    if (first.compareTo(shortest) < 0 || first.compareTo(longest) > 0) {
      throw new IllegalArgumentException(
          "first must be from %s to %s, got %s".formatted(shortest, longest, first));
    }
  }

  /**
   * A pace around an interval: an eighth of it where a page changes, eight times where it does not.
   */
  public static RecrawlPace around(Duration interval) {
    var shortest = interval.dividedBy(8);
    return new RecrawlPace(
        interval, shortest.isPositive() ? shortest : interval, interval.multipliedBy(8));
  }

  /**
   * The time until the next look.
   *
   * @param before the time between the last two looks; null after the first
   */
  public Duration next(@Nullable Duration before, Look look) {
    if (before == null) {
      return first;
    }
    var next =
        switch (look) {
          case CHANGED -> before.dividedBy(2);
          case UNCHANGED -> before.plus(before.dividedBy(2));
          case FAILED -> before;
        };
    if (next.compareTo(shortest) < 0) {
      return shortest;
    }
    return next.compareTo(longest) > 0 ? longest : next;
  }
}

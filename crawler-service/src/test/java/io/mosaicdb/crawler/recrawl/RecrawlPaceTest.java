package io.mosaicdb.crawler.recrawl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mosaicdb.crawler.recrawl.RecrawlPace.Look;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RecrawlPaceTest {
  private final RecrawlPace pace = RecrawlPace.around(Duration.ofDays(1));

  @Test
  void changeBringsTheNextLookNearerDownToABound() {
    assertThat(pace.next(null, Look.CHANGED)).isEqualTo(Duration.ofDays(1));
    assertThat(pace.next(Duration.ofDays(1), Look.CHANGED)).isEqualTo(Duration.ofHours(12));
    assertThat(pace.next(Duration.ofHours(4), Look.CHANGED)).isEqualTo(Duration.ofHours(3));
  }

  @Test
  void sameTextPutsTheNextLookOffUpToABound() {
    assertThat(pace.next(Duration.ofDays(1), Look.UNCHANGED)).isEqualTo(Duration.ofHours(36));
    assertThat(pace.next(Duration.ofDays(7), Look.UNCHANGED)).isEqualTo(Duration.ofDays(8));
  }

  @Test
  void failureLeavesThePace() {
    assertThat(pace.next(Duration.ofDays(2), Look.FAILED)).isEqualTo(Duration.ofDays(2));
  }

  @Test
  void pageIsLookedAtAboutAsOftenAsItChanges() {
    var every = Duration.ofHours(10);
    var interval = pace.next(null, Look.CHANGED);
    long seenVersion = 0;
    long hours = 0;
    long looks = 0;
    long changes = 0;
    while (hours < 10_000) {
      hours += interval.toHours();
      looks++;
      long version = hours / every.toHours();
      changes += version == seenVersion ? 0 : 1;
      interval = pace.next(interval, version == seenVersion ? Look.UNCHANGED : Look.CHANGED);
      seenVersion = version;
    }

    // A thousand versions were there: most are seen, and not by looking all the time.
    assertThat(changes).isGreaterThan(600);
    assertThat(looks).isLessThan(3_000);
  }

  @Test
  void boundsAreChecked() {
    assertThatThrownBy(() -> new RecrawlPace(Duration.ofDays(1), Duration.ZERO, Duration.ofDays(2)))
        .hasMessageContaining("shortest must be > 0, got PT0S");
    assertThatThrownBy(
            () -> new RecrawlPace(Duration.ofDays(3), Duration.ofDays(1), Duration.ofDays(2)))
        .hasMessageContaining("got PT72H");
  }
}

package io.mosaicdb.coordinator.cursor;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Bounds of walks.
 *
 * @param window hits that a walk leads through, at most
 * @param lifetime how long a window stays in memory after its last page
 * @param memory what all windows together may take; the one that was not used for longest goes, and
 *     is found again when it is asked for
 */
@ConfigurationProperties("mosaic.coordinator.cursor")
public record CursorProperties(
    @DefaultValue("10000") int window,
    @DefaultValue("10m") Duration lifetime,
    @DefaultValue("64MB") DataSize memory) {
  public CursorProperties {
    require(window > 0 && window <= 10_000, "window must be between 1 and 10000, got " + window);
    require(lifetime.isPositive(), "lifetime must be > 0, got " + lifetime);
    require(memory.toBytes() > 0, "memory must be > 0, got " + memory);
  }

  /** The defaults of the configuration. */
  public static CursorProperties standard() {
    return new CursorProperties(10_000, Duration.ofMinutes(10), DataSize.ofMegabytes(64));
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException("mosaic.coordinator.cursor." + message);
    }
  }
}

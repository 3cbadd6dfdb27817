package io.mosaicdb.coordinator.search;

import io.mosaicdb.coordinator.cursor.CursorProperties;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Keeps windows on the heap: by weight, and for some time after their last use. */
final class CursorWindowsInMemory implements CursorWindows {
  private final CursorProperties bounds;
  private final InstantSource clock;

  /** From the one that was not used for longest. */
  private final Map<CursorWindow.Key, Kept> kept = new LinkedHashMap<>(16, .75f, true);

  private long bytes;

  private record Kept(CursorWindow window, Instant until) {}

  CursorWindowsInMemory(CursorProperties bounds, InstantSource clock) {
    this.bounds = bounds;
    this.clock = clock;
  }

  @Override
  public synchronized Optional<CursorWindow> find(CursorWindow.Key key) {
    dropExpired();
    var found = kept.get(key);
    if (found == null) {
      return Optional.empty();
    }
    kept.put(key, new Kept(found.window(), clock.instant().plus(bounds.lifetime())));
    return Optional.of(found.window());
  }

  @Override
  public synchronized void keep(CursorWindow.Key key, CursorWindow window) {
    dropExpired();
    var before = kept.put(key, new Kept(window, clock.instant().plus(bounds.lifetime())));
    bytes += window.bytes() - (before == null ? 0 : before.window().bytes());
    var eldest = kept.values().iterator();
    while (bytes > bounds.memory().toBytes() && eldest.hasNext()) {
      drop(eldest, eldest.next());
    }
  }

  private void dropExpired() {
    var now = clock.instant();
    var eldest = kept.values().iterator();
    while (eldest.hasNext()) {
      var each = eldest.next();
      if (each.until().isAfter(now)) {
        return;
      }
      drop(eldest, each);
    }
  }

  private void drop(Iterator<Kept> at, Kept dropped) {
    at.remove();
    bytes -= dropped.window().bytes();
  }
}

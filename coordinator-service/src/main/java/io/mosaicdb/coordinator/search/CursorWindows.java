package io.mosaicdb.coordinator.search;

import java.util.Optional;

/**
 * Keeps the windows of walks between their pages. Forgetting one costs time only: it is found again
 * from the snapshot that the cursor names. Thread-safe.
 */
interface CursorWindows {
  Optional<CursorWindow> find(CursorWindow.Key key);

  void keep(CursorWindow.Key key, CursorWindow window);
}

package io.mosaicdb.coordinator.search;

import io.mosaicdb.coordinator.cursor.Digest;
import io.mosaicdb.coordinator.cursor.RequestPrint;
import io.mosaicdb.coordinator.position.Position;
import io.mosaicdb.model.ranking.RankedHit;
import java.util.List;

/**
 * The hits that a walk's pages are cut from.
 *
 * @param ranked everything that was ranked
 * @param hits what the walk has yet to give when it enters the window, in its order
 * @param digest of the ids of {@code hits}, never 0
 */
record CursorWindow(Retrieved retrieved, Ranked ranked, List<RankedHit> hits, long digest) {
  private static final int BYTES_OF_CANDIDATE = 250;
  private static final int BYTES_OF_HIT = 150;

  /** {@code explain}: a window that was retrieved without has nothing to explain. */
  record Key(Position position, RequestPrint print, List<Long> seen, boolean explain) {}

  static CursorWindow of(Retrieved retrieved, Ranked ranked, List<RankedHit> hits) {
    var ids = new StringBuilder();
    hits.forEach(hit -> ids.append(hit.id()).append('\n'));
    return new CursorWindow(
        retrieved, ranked, List.copyOf(hits), Math.max(1, Digest.of(ids.toString()) >>> 1));
  }

  /** About how much memory it takes. */
  long bytes() {
    long candidates =
        (long) retrieved.text().ranking().size() + retrieved.vector().ranking().size();
    return 1024
        + candidates * BYTES_OF_CANDIDATE
        + (long) ranked.hits().size() * BYTES_OF_HIT
        + hits.size() * 8L;
  }
}

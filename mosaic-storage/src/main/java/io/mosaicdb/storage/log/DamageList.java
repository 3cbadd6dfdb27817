package io.mosaicdb.storage.log;

import java.util.ArrayList;
import java.util.List;

/** The damage found so far, adjoining ranges of one reason joined. Thread-safe. */
final class DamageList {
  private final List<LogDamage> ranges = new ArrayList<>();

  synchronized void add(long firstSeq, long lastSeq, String reason) {
    for (int i = 0; i < ranges.size(); i++) {
      var range = ranges.get(i);
      if (firstSeq >= range.firstSeq() && lastSeq <= range.lastSeq()) {
        return;
      }
      if (range.lastSeq() + 1 == firstSeq && range.reason().equals(reason)) {
        ranges.set(i, new LogDamage(range.firstSeq(), lastSeq, reason));
        return;
      }
    }
    ranges.add(new LogDamage(firstSeq, lastSeq, reason));
  }

  synchronized List<LogDamage> snapshot() {
    var sorted = new ArrayList<>(ranges);
    sorted.sort(java.util.Comparator.comparingLong(LogDamage::firstSeq));
    return sorted;
  }
}

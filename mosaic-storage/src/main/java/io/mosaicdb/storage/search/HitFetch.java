package io.mosaicdb.storage.search;

import io.mosaicdb.storage.document.DocumentVersion;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Loads the documents of a page of hits, with one read a segment. */
public final class HitFetch {
  private HitFetch() {}

  /** A document of a snapshot; {@code passage} is its number within the document, -1 for none. */
  public record Wanted(PartitionSnapshot snapshot, int segment, int document, int passage) {}

  /** {@code passage} where one was wanted: start and end in the document's text. */
  public record Fetched(
      DocumentVersion version, Optional<String> shardId, Optional<Stretch> passage) {}

  public record Stretch(int start, int end) {}

  /**
   * The documents, in the order of {@code wanted}. Reads files: for platform threads.
   *
   * @throws io.mosaicdb.storage.segment.SegmentReadException if a shard cannot be read
   */
  public static List<Fetched> fetch(List<Wanted> wanted) {
    record SegmentKey(int partition, int segment) {}
    var byDocument = new HashMap<SegmentKey, Map<Integer, DocumentVersion>>();
    var ordinals = new HashMap<SegmentKey, List<Wanted>>();
    for (Wanted each : wanted) {
      ordinals
          .computeIfAbsent(
              new SegmentKey(each.snapshot().partition(), each.segment()),
              _ -> new java.util.ArrayList<>())
          .add(each);
    }
    ordinals.forEach((key, hits) -> {
      var documents = hits.stream().mapToInt(Wanted::document).distinct().toArray();
      var segment = hits.getFirst().snapshot().segments().get(key.segment()).segment();
      var loaded = segment.load(documents, false);
      var found = new HashMap<Integer, DocumentVersion>();
      for (int i = 0; i < documents.length; i++) {
        found.put(documents[i], loaded.get(i));
      }
      byDocument.put(key, found);
    });
    return wanted.stream()
        .map(each -> {
          var segment = each.snapshot().segments().get(each.segment()).segment();
          var version =
              byDocument
                  .getOrDefault(
                      new SegmentKey(each.snapshot().partition(), each.segment()), Map.of())
                  .get(each.document());
          return new Fetched(
              java.util.Objects.requireNonNull(version), segment.shardId(), stretch(each, version));
        })
        .toList();
  }

  private static Optional<Stretch> stretch(Wanted wanted, DocumentVersion version) {
    var passages = version.document().passages();
    return wanted.passage() < 0 || wanted.passage() >= passages.size()
        ? Optional.empty()
        : Optional.of(
            new Stretch(
                passages.get(wanted.passage()).start(), passages.get(wanted.passage()).end()));
  }
}

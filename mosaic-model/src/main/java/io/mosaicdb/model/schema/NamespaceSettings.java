package io.mosaicdb.model.schema;

import java.time.Duration;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How a namespace is kept.
 *
 * @param partitions how many ranges of hash slots have a writer of their own, 1 to 64; fixed at
 *     creation
 * @param replicas how many workers hold each partition
 * @param durability {@code local}: acknowledged when one worker's disk has it
 * @param retainGenerations how long a superseded generation stays readable
 * @param shardDocuments the live segment is sealed when it holds this many documents
 * @param sealAge the live segment is sealed when its oldest commit is this old
 * @param fieldWeights text field to the weight that searches use in place of the schema's
 * @param ttl when documents are deleted by themselves; null: never
 */
public record NamespaceSettings(
    int partitions,
    int replicas,
    String durability,
    Duration retainGenerations,
    int shardDocuments,
    Duration sealAge,
    SortedMap<String, Double> fieldWeights,
    @Nullable TimeToLive ttl) {
  public static final int MAX_PARTITIONS = 64;
  public static final int MAX_SHARD_DOCUMENTS = 1_000_000;
  public static final NamespaceSettings STANDARD =
      new NamespaceSettings(
          1,
          1,
          "local",
          Duration.ofHours(24),
          25_000,
          Duration.ofMinutes(5),
          Collections.emptySortedMap(),
          null);

  public NamespaceSettings {
    requireBetween("partitions", partitions, 1, MAX_PARTITIONS);
    requireBetween("replicas", replicas, 1, 1);
    requireBetween("shard_documents", shardDocuments, 1, MAX_SHARD_DOCUMENTS);
    if (!durability.equals("local")) {
      throw new IllegalArgumentException(
          "durability must be local: this build has no quorum log, got " + durability);
    }
    if (retainGenerations.isNegative()) {
      throw new IllegalArgumentException(
          "retain_generations must not be negative, got " + retainGenerations);
    }
    if (sealAge.isNegative() || sealAge.isZero()) {
      throw new IllegalArgumentException("seal_age must be above zero, got " + sealAge);
    }
    fieldWeights.forEach((field, weight) -> {
      if (!(weight > 0 && weight <= TextField.MAX_WEIGHT)) {
        throw new IllegalArgumentException(
            "field_weights of '%s' must be above 0 and at most %s, got %s"
                .formatted(field, TextField.MAX_WEIGHT, weight));
      }
    });
    fieldWeights = Collections.unmodifiableSortedMap(new TreeMap<>(fieldWeights));
  }

  private static void requireBetween(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name + " must be between " + least + " and " + most + ", got " + value);
    }
  }
}

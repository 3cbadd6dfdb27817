package io.mosaicdb.worker.expiry;

import static org.assertj.core.api.Assertions.assertThat;

import io.mosaicdb.contract.namespace.NamespaceRequest;
import io.mosaicdb.contract.namespace.NamespaceRequest.AttributeBody;
import io.mosaicdb.contract.namespace.NamespaceRequest.SettingsBody;
import io.mosaicdb.contract.namespace.NamespaceRequest.TimeToLiveBody;
import io.mosaicdb.model.NamespaceName;
import io.mosaicdb.model.document.CommitBatch;
import io.mosaicdb.model.document.Document;
import io.mosaicdb.model.document.Operation;
import io.mosaicdb.storage.document.CommitCodec;
import io.mosaicdb.storage.log.LogSettings;
import io.mosaicdb.storage.partition.Partition;
import io.mosaicdb.storage.partition.PartitionSettings;
import io.mosaicdb.storage.partition.ShardReaders;
import io.mosaicdb.storage.sqlite.ReadOnlySettings;
import io.mosaicdb.storage.text.TextIndexMemory;
import io.mosaicdb.worker.namespace.Namespaces;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Documents go when their time is over, and not before. */
class ExpiryTest {
  private static final NamespaceName DOCS = new NamespaceName("docs");
  private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");

  @TempDir private Path folder;
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final ShardReaders readers = new ShardReaders();
  private Namespaces namespaces;

  @BeforeEach
  void open() throws IOException {
    namespaces =
        new Namespaces(
            folder,
            settings ->
                new PartitionSettings(
                    LogSettings.defaults(),
                    ReadOnlySettings.defaults(),
                    1_000,
                    64 << 20,
                    Duration.ofDays(1),
                    Duration.ofDays(1),
                    3),
            new Partition.Resources(
                new TextIndexMemory(1 << 20), timer, Runnable::run, readers, Clock.systemUTC()),
            0);
    assertThat(namespaces.create(DOCS, definition("1h"))).isTrue();
  }

  @AfterEach
  void close() {
    namespaces.close();
    timer.shutdownNow();
  }

  private static NamespaceRequest definition(String after) {
    return new NamespaceRequest(
        new NamespaceRequest.SchemaBody(
            Map.of(
                "text",
                new NamespaceRequest.FieldBody(
                    "text", 1.0, "en", true, null, null, null, null, null)),
            Map.of("until", new AttributeBody("datetime", true)),
            new NamespaceRequest.VectorBody(null, null, "none", null),
            true),
        ttl(new TimeToLiveBody("until", after, null)));
  }

  private static SettingsBody ttl(TimeToLiveBody ttl) {
    return new SettingsBody(null, null, null, null, null, null, null, ttl);
  }

  private Partition partition() {
    return namespaces.require(DOCS).partition(0);
  }

  private void write(String id, @Nullable Instant until) {
    var attributes = new TreeMap<String, Object>();
    if (until != null) {
      attributes.put("until", until.toString());
    }
    var document =
        new Document(
            id, new TreeMap<>(Map.of("text", "words")), null, attributes, List.of(), List.of());
    var batch = new CommitBatch("", List.of(Operation.upsert(document)));
    var _ = partition().append(CommitCodec.encode(batch), null).join();
  }

  private Expiry at(Instant now, int most) {
    return new Expiry(namespaces, readers, Clock.fixed(now, ZoneOffset.UTC), most);
  }

  private List<String> left(String... ids) {
    return List.of(ids).stream().filter(id -> partition().find(id, false).isPresent()).toList();
  }

  @Test
  void whatIsOverGoesWhereverItIsAndThePastKeepsIt() throws IOException {
    write("sealed", NOON.minusSeconds(1));
    write("never", null);
    partition().seal();
    write("live", NOON);
    write("later", NOON.plusMillis(1));
    long before = partition().snapshot().commitSeq();
    var expiry = at(NOON.plus(Duration.ofHours(1)), 100);

    expiry.pass();

    assertThat(left("sealed", "never", "live", "later")).containsExactly("never", "later");
    assertThat(expiry.deleted()).isEqualTo(2);
    assertThat(Partition.find(partition().snapshotAt(before), "live", false)).isPresent();
    at(NOON.plus(Duration.ofHours(1)).plusMillis(1), 100).pass();
    assertThat(left("never", "later")).containsExactly("never");
  }

  @Test
  void aTimeThatWasProlongedCounts() {
    write("a", NOON);
    write("a", NOON.plusSeconds(60));

    at(NOON.plus(Duration.ofHours(1)), 100).pass();

    assertThat(left("a")).containsExactly("a");
  }

  @Test
  void aPassIsBoundedAndTheNextGoesOn() {
    for (int i = 0; i < 5; i++) {
      write("d" + i, NOON);
    }
    var expiry = at(NOON.plus(Duration.ofDays(1)), 3);

    expiry.pass();
    assertThat(expiry.deleted()).isEqualTo(3);
    expiry.pass();

    assertThat(expiry.deleted()).isEqualTo(5);
    assertThat(partition().snapshot().liveDocuments()).isZero();
  }

  @Test
  void whoEndsItKeepsEverything() {
    write("a", NOON);
    var _ =
        namespaces.change(
            DOCS, new NamespaceRequest(null, ttl(new TimeToLiveBody(null, null, false))));

    at(NOON.plus(Duration.ofDays(1)), 100).pass();

    assertThat(left("a")).containsExactly("a");
    assertThat(namespaces.require(DOCS).settings().ttl()).isNull();
  }
}

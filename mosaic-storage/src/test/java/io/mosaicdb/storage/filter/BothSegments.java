package io.mosaicdb.storage.filter;

import io.mosaicdb.model.document.Document;
import io.mosaicdb.model.schema.Schema;
import io.mosaicdb.storage.document.DocumentVersion;
import io.mosaicdb.storage.live.LiveSegment;
import io.mosaicdb.storage.segment.Segment;
import io.mosaicdb.storage.shard.SealedShard;
import io.mosaicdb.storage.shard.ShardSchema;
import io.mosaicdb.storage.shard.ShardWriter;
import io.mosaicdb.storage.sqlite.ReadOnlySettings;
import io.mosaicdb.storage.text.TextIndexMemory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** The same documents in memory and in a shard file. */
public final class BothSegments implements AutoCloseable {
  private final ScheduledExecutorService cleaner = Executors.newSingleThreadScheduledExecutor();
  private final List<SealedShard> shards = new ArrayList<>();
  private final Schema schema;

  public BothSegments(Schema schema) {
    this.schema = schema;
  }

  public Segment live(List<Document> documents) {
    var segment = new LiveSegment(ShardSchema.indexedFields(schema), schema.vector());
    for (int i = 0; i < documents.size(); i++) {
      segment.append(documents.get(i), i + 1, schema.attributes());
    }
    return segment.view();
  }

  public SealedShard sealed(Path folder, List<Document> documents) throws Exception {
    var versions = new ArrayList<DocumentVersion>();
    for (int i = 0; i < documents.size(); i++) {
      versions.add(new DocumentVersion(documents.get(i), i + 1));
    }
    Files.createDirectories(folder);
    var written = new ShardWriter(schema).write(folder, versions, "", null, Set.of());
    var shard =
        SealedShard.open(
            written.file(),
            () -> schema,
            ReadOnlySettings.defaults(),
            new TextIndexMemory(1 << 20),
            cleaner);
    shards.add(shard);
    return shard;
  }

  @Override
  public void close() {
    shards.forEach(SealedShard::close);
    cleaner.shutdownNow();
  }
}

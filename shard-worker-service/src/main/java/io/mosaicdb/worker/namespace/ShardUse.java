package io.mosaicdb.worker.namespace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * How often and when each shard of a namespace was last searched, kept over a restart in {@code
 * use.json}: shard id to {@code [queries, milliseconds since 1970]}. A count of the last seconds
 * may be lost with the process; a file that cannot be read begins anew. Thread-safe.
 */
public final class ShardUse {
  private static final Logger log = LoggerFactory.getLogger(ShardUse.class);
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private final Path file;
  private final Map<String, Use> uses = new ConcurrentHashMap<>();
  private final AtomicBoolean changed = new AtomicBoolean();

  record Use(long queries, long lastMillis) {
    static final Use NONE = new Use(0, 0);

    Optional<Instant> last() {
      return lastMillis == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(lastMillis));
    }
  }

  ShardUse(Path file) {
    this.file = file;
    if (!Files.exists(file)) {
      return;
    }
    try {
      var kept =
          JSON.readValue(Files.readString(file), new TypeReference<Map<String, long[]>>() {});
      kept.forEach((shard, use) -> uses.put(shard, new Use(use[0], use[1])));
    } catch (IOException | JacksonException | ArrayIndexOutOfBoundsException e) {
      log.warn("shard_use_unreadable file={} reason={}", file, e.getMessage());
    }
  }

  /** Counts one query of each of {@code shards}. */
  public void count(Iterable<String> shards, long nowMillis) {
    for (var shard : shards) {
      uses.merge(
          shard,
          new Use(1, nowMillis),
          (one, other) ->
              new Use(one.queries() + other.queries(), Math.max(one.lastMillis(), nowMillis)));
      changed.set(true);
    }
  }

  Use of(String shard) {
    return uses.getOrDefault(shard, Use.NONE);
  }

  /** Writes what has changed, for those shards that there still are. */
  void save(Set<String> existing) {
    uses.keySet().retainAll(existing);
    if (!changed.getAndSet(false)) {
      return;
    }
    var kept = new TreeMap<String, long[]>();
    uses.forEach((shard, use) -> kept.put(shard, new long[] {use.queries(), use.lastMillis()}));
    try {
      var draft = file.resolveSibling(file.getFileName() + ".new");
      Files.write(draft, JSON.writeValueAsBytes(kept));
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      changed.set(true);
      log.warn("shard_use_not_saved file={} reason={}", file, e.getMessage());
    }
  }
}

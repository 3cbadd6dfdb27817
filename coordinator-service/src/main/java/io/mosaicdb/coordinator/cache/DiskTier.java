package io.mosaicdb.coordinator.cache;

import io.mosaicdb.coordinator.database.LocalDatabase;
import io.mosaicdb.coordinator.database.LocalDatabase.Durability;
import io.mosaicdb.coordinator.database.LocalSchema;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Values in a file that outlives the process; the package describes it. The keys are in memory, so
 * that a miss costs no read. Writes are gathered and done a few times a second by another thread, a
 * bounded number each time: under load what is asked once is not written, what is asked again gets
 * another chance at each use.
 */
public final class DiskTier<V> implements CacheTier<V> {
  private static final Logger log = LoggerFactory.getLogger(DiskTier.class);
  private static final LocalSchema SCHEMA =
      new LocalSchema(
          0x4D524348,
          1,
          List.of(
              "CREATE TABLE answers(key BLOB PRIMARY KEY, body BLOB NOT NULL, bytes INTEGER NOT NULL, made_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, used_at INTEGER NOT NULL, uses INTEGER NOT NULL) STRICT",
              "CREATE INDEX answers_by_use ON answers(used_at)",
              "CREATE INDEX answers_by_expiry ON answers(expires_at)"));
  private static final Duration GATHERING = Duration.ofMillis(200);
  private static final int PUTS_AT_ONCE = 32;
  private static final int USES_AT_ONCE = 1_000;
  // Of a row besides its body, and of its key on the heap.
  private static final int ROW_BYTES = 256;
  private static final int CHECKSUM_BYTES = 8;

  private final LocalDatabase database;
  private final Codec<V> codec;
  private final long maxBytes;
  private final InstantSource clock;
  private final Map<CacheKey, Integer> sizes = new ConcurrentHashMap<>();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicBoolean gathering = new AtomicBoolean();
  // Guards itself and uses.
  private final Map<CacheKey, Kept<V>> puts = new HashMap<>();
  private final Map<CacheKey, Kept<V>> uses = new HashMap<>();

  private record Row(byte[] body, Instant madeAt, Instant expiresAt, int uses) {}

  private record Written(CacheKey key, byte[] body, Instant madeAt, Instant expiresAt, int uses) {}

  public DiskTier(Path file, long maxBytes, Codec<V> codec, InstantSource clock) {
    this.maxBytes = maxBytes;
    this.codec = codec;
    this.clock = clock;
    this.database = LocalDatabase.open(file, SCHEMA, Durability.PROCESS_END);
    var _ =
        database.transaction(connection -> {
          forgetExpired(connection);
          return loadKeys(connection);
        });
  }

  private int loadKeys(Connection connection) throws SQLException {
    try (var query = connection.prepareStatement("SELECT key, bytes FROM answers");
        var rows = query.executeQuery()) {
      while (rows.next()) {
        sizes.put(CacheKey.ofDigest(rows.getBytes(1)), rows.getInt(2));
        bytes.addAndGet(rows.getInt(2));
      }
      return sizes.size();
    }
  }

  @Override
  public String name() {
    return "disk";
  }

  @Override
  public boolean mayHave(CacheKey key) {
    if (sizes.containsKey(key)) {
      return true;
    }
    synchronized (puts) {
      return puts.containsKey(key);
    }
  }

  @Override
  public Optional<Kept<V>> find(CacheKey key) {
    synchronized (puts) {
      var waiting = puts.get(key);
      if (waiting != null) {
        return Optional.of(waiting).filter(kept -> kept.expiresAt().isAfter(clock.instant()));
      }
    }
    if (!sizes.containsKey(key)) {
      return Optional.empty();
    }
    try {
      var row = database.call(connection -> read(connection, key));
      if (row == null) {
        forget(key);
        return Optional.empty();
      }
      if (!row.expiresAt().isAfter(clock.instant())) {
        return Optional.empty();
      }
      return Optional.of(
          new Kept<>(
              codec.decode(checked(key, row.body())), row.madeAt(), row.expiresAt(), row.uses()));
    } catch (RuntimeException e) {
      // A damaged file, a body of another version, a queue that is full: it is not kept here.
      log.warn("cached_answer_unreadable file={} reason={}", database.file(), e.toString());
      remove(key);
      return Optional.empty();
    }
  }

  /**
   * SQLite does not notice a byte that changed within a value, and what it says would still be an
   * answer: each body stands behind the beginning of the SHA-256 of its key and itself.
   */
  private static byte[] withChecksum(CacheKey key, byte[] body) {
    return ByteBuffer.allocate(CHECKSUM_BYTES + body.length)
        .put(checksum(key, body, 0), 0, CHECKSUM_BYTES)
        .put(body)
        .array();
  }

  private static byte[] checked(CacheKey key, byte[] stored) {
    if (stored.length < CHECKSUM_BYTES
        || !Arrays.equals(
            stored, 0, CHECKSUM_BYTES, checksum(key, stored, CHECKSUM_BYTES), 0, CHECKSUM_BYTES)) {
      throw new IllegalStateException("it is not what was written");
    }
    return Arrays.copyOfRange(stored, CHECKSUM_BYTES, stored.length);
  }

  private static byte[] checksum(CacheKey key, byte[] content, int from) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      digest.update(key.digest());
      digest.update(content, from, content.length - from);
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static @Nullable Row read(Connection connection, CacheKey key) throws SQLException {
    try (var query =
        connection.prepareStatement(
            "SELECT body, made_at, expires_at, uses FROM answers WHERE key = ?")) {
      query.setBytes(1, key.digest());
      try (var rows = query.executeQuery()) {
        return rows.next()
            ? new Row(
                rows.getBytes(1),
                Instant.ofEpochMilli(rows.getLong(2)),
                Instant.ofEpochMilli(rows.getLong(3)),
                rows.getInt(4))
            : null;
      }
    }
  }

  @Override
  public void put(CacheKey key, Kept<V> kept) {
    synchronized (puts) {
      if (puts.size() >= PUTS_AT_ONCE && !puts.containsKey(key)) {
        return;
      }
      puts.put(key, kept);
    }
    gather();
  }

  @Override
  public void putAll(Map<CacheKey, Kept<V>> entries) {
    var batch = new HashMap<CacheKey, Kept<V>>();
    for (var entry : entries.entrySet()) {
      batch.put(entry.getKey(), entry.getValue());
      if (batch.size() == PUTS_AT_ONCE) {
        write(batch, Map.of());
        batch.clear();
      }
    }
    write(batch, Map.of());
  }

  @Override
  public Map<CacheKey, Kept<V>> passing() {
    return Map.of();
  }

  @Override
  public void used(CacheKey key, Kept<V> kept) {
    synchronized (puts) {
      if (puts.computeIfPresent(key, (_, _) -> kept) == null
          && sizes.containsKey(key)
          && uses.size() < USES_AT_ONCE) {
        uses.put(key, kept);
      }
    }
    gather();
  }

  private void gather() {
    if (gathering.compareAndSet(false, true)) {
      var _ =
          Thread.ofVirtual()
              .name("cache-writer")
              .start(() -> {
                try {
                  Thread.sleep(GATHERING);
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
                gathering.set(false);
                flush();
              });
    }
  }

  private void flush() {
    Map<CacheKey, Kept<V>> newOnes;
    Map<CacheKey, Kept<V>> touched;
    synchronized (puts) {
      newOnes = Map.copyOf(puts);
      touched = Map.copyOf(uses);
      uses.clear();
    }
    write(newOnes, touched);
    synchronized (puts) {
      newOnes.forEach(puts::remove);
    }
  }

  /** Has these written by the thread of the file. */
  private void write(Map<CacheKey, Kept<V>> newOnes, Map<CacheKey, Kept<V>> touched) {
    var written = new ArrayList<Written>(newOnes.size());
    newOnes.forEach((key, kept) -> {
      var body = withChecksum(key, codec.encode(kept.value()));
      if (body.length <= maxBytes / 8) {
        written.add(new Written(key, body, kept.madeAt(), kept.expiresAt(), kept.uses()));
      }
    });
    long now = clock.millis();
    boolean accepted =
        (written.isEmpty() && touched.isEmpty())
            || database.offer(connection -> {
              write(connection, written, now);
              touch(connection, touched, now);
              forgetExpired(connection);
              evict(connection);
              return written.size();
            });
    if (!accepted) {
      log.debug("cached_answers_not_written count={}", written.size());
    }
    for (var each : written) {
      if (accepted) {
        sizes.putIfAbsent(each.key(), 0);
      }
    }
  }

  private void write(Connection connection, List<Written> written, long now) throws SQLException {
    try (var insert =
        connection.prepareStatement(
            "INSERT OR REPLACE INTO answers(key, body, bytes, made_at, expires_at, used_at, uses) VALUES (?, ?, ?, ?, ?, ?, ?)")) {
      for (var each : written) {
        int size = each.body().length + ROW_BYTES;
        insert.setBytes(1, each.key().digest());
        insert.setBytes(2, each.body());
        insert.setInt(3, size);
        insert.setLong(4, each.madeAt().toEpochMilli());
        insert.setLong(5, each.expiresAt().toEpochMilli());
        insert.setLong(6, now);
        insert.setInt(7, each.uses());
        insert.executeUpdate();
        var before = sizes.put(each.key(), size);
        bytes.addAndGet(size - (before == null ? 0 : before));
      }
    }
  }

  private static <V> void touch(Connection connection, Map<CacheKey, Kept<V>> touched, long now)
      throws SQLException {
    try (var update =
        connection.prepareStatement(
            "UPDATE answers SET expires_at = ?, used_at = ?, uses = ? WHERE key = ?")) {
      for (var each : touched.entrySet()) {
        update.setLong(1, each.getValue().expiresAt().toEpochMilli());
        update.setLong(2, now);
        update.setInt(3, each.getValue().uses());
        update.setBytes(4, each.getKey().digest());
        update.executeUpdate();
      }
    }
  }

  private void forgetExpired(Connection connection) throws SQLException {
    try (var delete =
        connection.prepareStatement(
            "DELETE FROM answers WHERE expires_at <= ? RETURNING key, bytes")) {
      delete.setLong(1, clock.millis());
      try (var rows = delete.executeQuery()) {
        while (rows.next()) {
          forget(CacheKey.ofDigest(rows.getBytes(1)));
        }
      }
    }
  }

  private void evict(Connection connection) throws SQLException {
    if (bytes.get() <= maxBytes) {
      return;
    }
    try (var oldest = connection.prepareStatement("SELECT key FROM answers ORDER BY used_at");
        var rows = oldest.executeQuery();
        var delete = connection.prepareStatement("DELETE FROM answers WHERE key = ?")) {
      var leaving = new ArrayList<byte[]>();
      while (bytes.get() > maxBytes && rows.next()) {
        var key = rows.getBytes(1);
        leaving.add(key);
        forget(CacheKey.ofDigest(key));
      }
      for (var key : leaving) {
        delete.setBytes(1, key);
        delete.executeUpdate();
      }
    }
  }

  private void forget(CacheKey key) {
    var size = sizes.remove(key);
    if (size != null) {
      bytes.addAndGet(-size);
    }
  }

  @Override
  public void remove(CacheKey key) {
    synchronized (puts) {
      puts.remove(key);
      uses.remove(key);
    }
    forget(key);
    var _ =
        database.offer(connection -> {
          try (var delete = connection.prepareStatement("DELETE FROM answers WHERE key = ?")) {
            delete.setBytes(1, key.digest());
            return delete.executeUpdate();
          }
        });
  }

  @Override
  public Size size() {
    return new Size(sizes.size(), bytes.get());
  }

  @Override
  public void close() {
    flush();
    database.close();
  }
}

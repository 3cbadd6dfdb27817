package io.mosaicdb.pagerank.run;

import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** Runs on disk, beside Spring Batch's own tables. Calls SQLite: for platform threads. */
final class RunStore {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final JdbcClient client;

  RunStore(JdbcClient client) {
    this.client = client;
    client
        .sql("CREATE TABLE IF NOT EXISTS runs (id TEXT PRIMARY KEY, body TEXT NOT NULL)")
        .update();
  }

  void save(Run run) {
    client
        .sql("INSERT OR REPLACE INTO runs VALUES (?, ?)")
        .params(run.id(), MAPPER.writeValueAsString(run.stored()))
        .update();
  }

  void delete(String id) {
    client.sql("DELETE FROM runs WHERE id = ?").param(id).update();
  }

  /** The oldest first: ids ascend with time. */
  List<Run> all() {
    return client.sql("SELECT body FROM runs ORDER BY id").query(String.class).list().stream()
        .map(body -> Run.restored(MAPPER.readValue(body, Run.Stored.class)))
        .toList();
  }
}

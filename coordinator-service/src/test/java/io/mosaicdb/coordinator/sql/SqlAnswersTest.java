package io.mosaicdb.coordinator.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.namespace.NamespaceRequest;
import io.mosaicdb.contract.sql.SqlRequest;
import io.mosaicdb.coordinator.embedding.Embedder;
import io.mosaicdb.coordinator.fanout.FanOut;
import io.mosaicdb.coordinator.namespace.NamespaceCatalog;
import io.mosaicdb.coordinator.worker.Worker;
import io.mosaicdb.coordinator.worker.WorkerTopology;
import io.mosaicdb.model.NamespaceName;
import io.mosaicdb.starter.json.StrictJson;
import io.mosaicdb.stubs.FakeEmbedder;
import io.mosaicdb.stubs.FakeWorker;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqlAnswersTest {
  private static final NamespaceName DOCS = new NamespaceName("docs");
  private final FanOut fanOut = new FanOut();
  private final FakeWorker first = new FakeWorker();
  private final FakeWorker second = new FakeWorker();

  @AfterEach
  void close() {
    fanOut.close();
  }

  private SqlAnswers answers(FakeWorker... workers) {
    var known = new java.util.ArrayList<Worker>();
    for (var worker : workers) {
      known.add(new Worker("w" + known.size(), worker));
    }
    var topology = new WorkerTopology(() -> known);
    var catalog = new NamespaceCatalog(topology, new Embedder(new FakeEmbedder(), fanOut));
    var _ =
        catalog.create(
            DOCS,
            StrictJson.mapper()
                .readValue("{\"settings\": {\"partitions\": 3}}", NamespaceRequest.class));
    return new SqlAnswers(
        catalog,
        topology,
        fanOut,
        new SqlProperties(Duration.ofSeconds(10), Duration.ofSeconds(30), 1000, 100_000));
  }

  private static SqlRequest request(String json) {
    return StrictJson.mapper().readValue(json, SqlRequest.class);
  }

  @Test
  void oneWorkerAnswersTheWholeStatement() {
    var answer = answers(first).answer(DOCS, request("{\"sql\": \"SELECT 1\"}"));

    assertThat(answer.rows()).containsExactly(List.of(0));
    assertThat(answer.coverage().full()).isTrue();
    assertThat(first.statements).hasSize(1);
    assertThat(first.statements.getFirst().partitions()).isNull();
  }

  @Test
  void theWorkerWithMostPartitionsAnswersBesideWhatTheOthersExtracted() {
    var answer = answers(first, second).answer(DOCS, request("{\"sql\": \"SELECT 1\"}"));

    assertThat(answer.rows()).containsExactly(List.of(1));
    assertThat(second.statements.getFirst().partitions()).containsExactly(1);
    assertThat(first.statements.getFirst().partitions()).containsExactly(0, 2);
    assertThat(answer.snapshot().partitions()).containsOnlyKeys("0", "1", "2");
    assertThat(answer.coverage().shards().total()).isEqualTo(4);
    assertThat(answer.coverage().shards().pruned()).isEqualTo(2);
  }

  @Test
  void aSilentWorkerFailsTheStatementOrIsNamedWhereThatIsAllowed() {
    var answers = answers(first, second);
    second.failure = new MosaicException(ErrorCode.WORKER_UNAVAILABLE, "it is away");

    assertThatThrownBy(() -> answers.answer(DOCS, request("{\"sql\": \"SELECT 1\"}")))
        .isInstanceOfSatisfying(
            MosaicException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.PARTIAL_NOT_ALLOWED);
              assertThat(e.detail()).contains("[1]", "w1", "it is away");
            });
    var partial = answers.answer(DOCS, request("{\"sql\": \"SELECT 1\", \"allow_partial\": true}"));

    assertThat(partial.coverage().full()).isFalse();
    assertThat(partial.coverage().shards().missing()).containsExactly("partition 1");
    assertThat(partial.coverage().degraded().getFirst().detail()).contains("w1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {}                                                        | /sql
          {"sql": "  "}                                             | /sql
          {"sql": "SELECT ?", "params": [[1]]}                      | /params/0
          {"sql": "SELECT ?", "params": [1, {"a": 1}]}              | /params/1
          {"sql": "SELECT ?", "params": [99999999999999999999]}     | /params/0
          {"sql": "SELECT 1", "timeout_ms": 0}                      | /timeout_ms
          {"sql": "SELECT 1", "timeout_ms": 30001}                  | /timeout_ms
          {"sql": "SELECT 1", "max_rows": 0}                        | /max_rows
          {"sql": "SELECT 1", "max_rows": 100001}                   | /max_rows
          """)
  void namesTheValueAtFault(String json, String pointer) {
    var answers = answers(first);

    assertThatThrownBy(() -> answers.answer(DOCS, request(json)))
        .isInstanceOfSatisfying(
            MosaicException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.INVALID_VALUE);
              assertThat(e.errors().getFirst().pointer()).isEqualTo(pointer);
            });
    assertThat(first.statements).isEmpty();
  }
}

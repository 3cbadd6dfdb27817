package io.mosaicdb.coordinator.sql;

import io.mosaicdb.contract.sql.SqlRequest;
import io.mosaicdb.contract.sql.SqlResponse;
import io.mosaicdb.coordinator.fanout.FanOut;
import io.mosaicdb.coordinator.namespace.NamespaceCatalog;
import io.mosaicdb.coordinator.namespace.NamespacePath;
import io.mosaicdb.coordinator.worker.WorkerTopology;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

@RestController
class SqlController {
  private final SqlAnswers answers;

  SqlController(
      NamespaceCatalog catalog, WorkerTopology topology, FanOut fanOut, SqlProperties limits) {
    this.answers = new SqlAnswers(catalog, topology, fanOut, limits);
  }

  @PostMapping("/v1/namespaces/{namespace}/sql")
  SqlResponse sql(@PathVariable String namespace, @RequestBody SqlRequest request) {
    return answers.answer(NamespacePath.parse(namespace), request);
  }
}

package io.mosaicdb.coordinator.shards;

import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.task.TaskBody;
import io.mosaicdb.contract.worker.ShardWorkerApi.GenerationList;
import io.mosaicdb.contract.worker.ShardWorkerApi.ShardBody;
import io.mosaicdb.contract.worker.ShardWorkerApi.ShardList;
import io.mosaicdb.coordinator.namespace.NamespacePath;
import io.mosaicdb.coordinator.task.Tasks;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/v1/namespaces/{namespace}")
class ShardsController {
  private final StoredParts parts;
  private final CompactTask compaction;
  private final Tasks tasks;

  ShardsController(StoredParts parts, CompactTask compaction, Tasks tasks) {
    this.parts = parts;
    this.compaction = compaction;
    this.tasks = tasks;
  }

  @GetMapping("/shards")
  ShardList shards(@PathVariable String namespace) {
    return parts.shards(NamespacePath.parse(namespace));
  }

  @GetMapping("/generations")
  GenerationList generations(@PathVariable String namespace) {
    return parts.generations(NamespacePath.parse(namespace));
  }

  /** For operators: allows new generations again where too much was damaged. */
  @PostMapping("/generations/resume")
  GenerationList resume(@PathVariable String namespace) {
    return parts.resumeActivation(NamespacePath.parse(namespace));
  }

  @GetMapping("/generations/{number}/manifest")
  Map<String, Object> manifest(
      @PathVariable String namespace,
      @PathVariable long number,
      @RequestParam(defaultValue = "0") int partition) {
    var name = NamespacePath.parse(namespace);
    int partitions = parts.partitions(name);
    if (partition < 0 || partition >= partitions) {
      throw MosaicException.invalidValue(
          "partition", "must be between 0 and " + (partitions - 1) + ", got " + partition);
    }
    return parts.manifest(name, partition, number);
  }

  /** For operators: writes what is in memory only into shards now, and answers with the shards. */
  @PostMapping("/seal")
  ShardList seal(@PathVariable String namespace) {
    var name = NamespacePath.parse(namespace);
    parts.seal(name);
    return parts.shards(name);
  }

  /** Leaves the shard's documents out of every answer; its file stays. */
  @PostMapping("/shards/{shard}/archive")
  ShardBody archive(@PathVariable String namespace, @PathVariable String shard) {
    return parts.archive(NamespacePath.parse(namespace), shard, true);
  }

  @PostMapping("/shards/{shard}/restore")
  ShardBody restore(@PathVariable String namespace, @PathVariable String shard) {
    return parts.archive(NamespacePath.parse(namespace), shard, false);
  }

  /** {@code scope}: {@code small} (the default) or {@code all}. */
  record CompactRequest(@Nullable String scope) {}

  /** Merges shards as a task. */
  @PostMapping("/compact")
  ResponseEntity<TaskBody> compact(
      @PathVariable String namespace,
      @RequestBody(required = false) @Nullable CompactRequest body) {
    var name = NamespacePath.parse(namespace);
    var scope = body == null || body.scope() == null ? "small" : body.scope();
    if (!scope.equals("small") && !scope.equals("all")) {
      throw MosaicException.invalidValue("/scope", "must be small or all, got '" + scope + "'");
    }
    // Now rather than in the task, so that a namespace that does not exist is a 404.
    parts.requireActivation(name);
    var task = compaction.start(tasks, name, scope);
    return ResponseEntity.accepted().location(URI.create("/v1/tasks/" + task.id())).body(task);
  }
}

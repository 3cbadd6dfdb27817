package io.mosaicdb.coordinator.shards;

import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.worker.ShardWorkerApi.GenerationList;
import io.mosaicdb.contract.worker.ShardWorkerApi.ShardList;
import io.mosaicdb.coordinator.namespace.NamespacePath;
import java.util.Map;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/v1/namespaces/{namespace}")
class ShardsController {
  private final StoredParts parts;

  ShardsController(StoredParts parts) {
    this.parts = parts;
  }

  @GetMapping("/shards")
  ShardList shards(@PathVariable String namespace) {
    return parts.shards(NamespacePath.parse(namespace));
  }

  @GetMapping("/generations")
  GenerationList generations(@PathVariable String namespace) {
    return parts.generations(NamespacePath.parse(namespace));
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
}

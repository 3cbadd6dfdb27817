package io.mosaicdb.coordinator.namespace;

import io.mosaicdb.contract.namespace.NamespaceBody;
import io.mosaicdb.contract.namespace.NamespaceCreated;
import io.mosaicdb.contract.namespace.NamespaceList;
import io.mosaicdb.contract.namespace.NamespaceRequest;
import io.mosaicdb.coordinator.task.Tasks;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/v1/namespaces")
class NamespaceController {
  private final NamespaceCatalog catalog;
  private final RebuildTask rebuild;
  private final Tasks tasks;

  NamespaceController(NamespaceCatalog catalog, RebuildTask rebuild, Tasks tasks) {
    this.catalog = catalog;
    this.rebuild = rebuild;
    this.tasks = tasks;
  }

  @PutMapping("/{namespace}")
  ResponseEntity<NamespaceCreated> create(
      @PathVariable String namespace,
      @RequestBody(required = false) @Nullable NamespaceRequest request) {
    var name = NamespacePath.parse(namespace);
    var answer = catalog.create(name, request == null ? new NamespaceRequest(null, null) : request);
    return ResponseEntity.status(answer.created() ? HttpStatus.CREATED : HttpStatus.OK)
        .body(answer);
  }

  @GetMapping
  NamespaceList list() {
    return catalog.list();
  }

  @GetMapping("/{namespace}")
  NamespaceBody describe(@PathVariable String namespace) {
    return catalog.describe(NamespacePath.parse(namespace));
  }

  /** The namespace as it is then; 202 with a task where the change needs a rebuild. */
  @PatchMapping("/{namespace}")
  ResponseEntity<Object> change(
      @PathVariable String namespace, @RequestBody NamespaceRequest request) {
    var name = NamespacePath.parse(namespace);
    var change = catalog.complete(name, request);
    if (catalog.rebuildOf(name, change).isEmpty()) {
      return ResponseEntity.ok(catalog.change(name, change));
    }
    var task = rebuild.start(tasks, name, change);
    return ResponseEntity.accepted().location(URI.create("/v1/tasks/" + task.id())).body(task);
  }

  @DeleteMapping("/{namespace}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void delete(@PathVariable String namespace) {
    catalog.delete(NamespacePath.parse(namespace));
  }
}

package io.mosaicdb.coordinator.backup;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.task.TaskBody;
import io.mosaicdb.contract.worker.ShardWorkerApi.BackupBody;
import io.mosaicdb.contract.worker.ShardWorkerApi.BackupList;
import io.mosaicdb.coordinator.namespace.NamespaceCatalog;
import io.mosaicdb.coordinator.namespace.NamespacePath;
import io.mosaicdb.coordinator.task.Tasks;
import io.mosaicdb.coordinator.worker.WorkerTopology;
import io.mosaicdb.model.NamespaceName;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/v1/namespaces/{namespace}")
class BackupController {
  private static final Pattern TARGET = Pattern.compile("[a-z0-9][a-z0-9_-]{0,63}");

  private final BackupTask backup;
  private final RestoreTask restore;
  private final Tasks tasks;
  private final NamespaceCatalog catalog;
  private final WorkerTopology topology;

  BackupController(
      BackupTask backup,
      RestoreTask restore,
      Tasks tasks,
      NamespaceCatalog catalog,
      WorkerTopology topology) {
    this.backup = backup;
    this.restore = restore;
    this.tasks = tasks;
    this.catalog = catalog;
    this.topology = topology;
  }

  /** {@code target}: a name, by default the namespace's. */
  record BackupRequest(@Nullable String target) {}

  /**
   * @param from the target to read, by default the namespace's name
   * @param backup its id there, by default the newest
   * @param as the namespace to make, by default the one of the address
   */
  record RestoreRequest(@Nullable String from, @Nullable String backup, @Nullable String as) {}

  @PostMapping("/backup")
  ResponseEntity<TaskBody> backup(
      @PathVariable String namespace, @RequestBody(required = false) @Nullable BackupRequest body) {
    var name = NamespacePath.parse(namespace);
    var given = body == null ? null : body.target();
    var target = target("/target", Objects.requireNonNullElse(given, name.value()));
    return accepted(backup.start(tasks, name, target));
  }

  @PostMapping("/restore")
  ResponseEntity<TaskBody> restore(
      @PathVariable String namespace,
      @RequestBody(required = false) @Nullable RestoreRequest body) {
    var name = NamespacePath.parse(namespace);
    var request = body == null ? new RestoreRequest(null, null, null) : body;
    var from = target("/from", Objects.requireNonNullElse(request.from(), name.value()));
    var as = request.as() == null ? name : as(request.as());
    var known = list(from);
    if (known.stream()
        .noneMatch(each -> request.backup() == null || each.id().equals(request.backup()))) {
      throw new MosaicException(
          ErrorCode.NOT_FOUND,
          request.backup() == null
              ? "there is no backup in '" + from + "'"
              : "there is no backup '" + request.backup() + "' in '" + from + "'");
    }
    requireFree(as);
    return accepted(restore.start(tasks, as, from, request.backup()));
  }

  private static NamespaceName as(String name) {
    try {
      return new NamespaceName(name);
    } catch (IllegalArgumentException e) {
      throw MosaicException.invalidValue("/as", String.valueOf(e.getMessage()));
    }
  }

  private void requireFree(NamespaceName name) {
    try {
      var _ = catalog.load(name);
    } catch (MosaicException e) {
      if (e.code() == ErrorCode.NAMESPACE_NOT_FOUND) {
        return;
      }
      throw e;
    }
    throw new MosaicException(
        ErrorCode.NAMESPACE_EXISTS,
        "namespace '" + name + "' exists; delete it, or restore under another name");
  }

  private static String target(String pointer, String name) {
    if (!TARGET.matcher(name).matches()) {
      throw MosaicException.invalidValue(
          pointer, "must be a name of 1 to 64 of a-z 0-9 _ -, not a path, got '" + name + "'");
    }
    return name;
  }

  private static ResponseEntity<TaskBody> accepted(TaskBody task) {
    return ResponseEntity.accepted().location(URI.create("/v1/tasks/" + task.id())).body(task);
  }

  /** The backups in the target of that name. */
  @GetMapping("/backups")
  BackupList backups(@PathVariable String namespace) {
    return new BackupList(list(target("namespace", namespace)));
  }

  private List<BackupBody> list(String target) {
    var found = new LinkedHashMap<String, BackupBody>();
    for (var worker : topology.workers()) {
      for (var each : worker.api().backups(target).backups()) {
        // Workers may share the folder, or have one each.
        found.merge(each.id(), each, BackupController::together);
      }
    }
    return List.copyOf(found.values());
  }

  private static BackupBody together(BackupBody one, BackupBody other) {
    if (one.partitions().equals(other.partitions())) {
      return one;
    }
    var partitions = new TreeSet<>(one.partitions());
    partitions.addAll(other.partitions());
    return new BackupBody(
        one.id(),
        one.namespace(),
        one.createdAt(),
        List.copyOf(partitions),
        one.documents() + other.documents(),
        one.bytes() + other.bytes());
  }
}

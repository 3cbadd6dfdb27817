package io.mosaicdb.worker.backup;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.worker.ShardWorkerApi.BackupBody;
import io.mosaicdb.model.NamespaceName;
import io.mosaicdb.storage.backup.BackupException;
import io.mosaicdb.storage.backup.BackupFolder;
import io.mosaicdb.storage.backup.PartitionBackup;
import io.mosaicdb.storage.generation.DurableFiles;
import io.mosaicdb.storage.partition.PartitionCopies;
import io.mosaicdb.worker.job.JobKind;
import io.mosaicdb.worker.job.JobRun;
import io.mosaicdb.worker.namespace.DiskThreads;
import io.mosaicdb.worker.namespace.Namespaces;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;

/**
 * Makes a namespace from a backup: the partitions that this worker is to hold. Repeated after it
 * has succeeded it finds the namespace made from that very backup, and succeeds again.
 */
final class RestoreJob implements JobKind {
  /** In the folder of a restored namespace: the backup that it was made from. */
  private static final String ORIGIN = "restored-from";

  private final Namespaces namespaces;
  private final BackupTargets targets;
  private final DiskThreads thread;

  RestoreJob(Namespaces namespaces, BackupTargets targets, DiskThreads thread) {
    this.namespaces = namespaces;
    this.targets = targets;
    this.thread = thread;
  }

  @Override
  public String name() {
    return "restore";
  }

  @Override
  public String unit() {
    return "files";
  }

  @Override
  public List<String> options() {
    return List.of("from", "id", "task", "worker", "workers");
  }

  @Override
  public ExecutorService threads() {
    return thread.executor();
  }

  @Override
  public Work prepare(String namespace, Map<String, String> options) {
    var name = new NamespaceName(namespace);
    var from = options.getOrDefault("from", namespace);
    var source = targets.open("/from", from);
    var id = options.get("id");
    if (id != null) {
      BackupTargets.checkedId("/backup", id);
    }
    int worker = Integer.parseInt(options.getOrDefault("worker", "0"));
    int workers = Integer.parseInt(options.getOrDefault("workers", "1"));
    var origin = options.getOrDefault("task", "");
    return run -> {
      try {
        var chosen = id == null ? BackupTargets.newest(source, from) : id;
        return restore(name, source, from, chosen, origin, worker, workers, run);
      } catch (BackupException e) {
        throw BackupTargets.refused(e);
      }
    };
  }

  private Map<String, Object> restore(
      NamespaceName name,
      BackupFolder source,
      String from,
      String id,
      String origin,
      int worker,
      int workers,
      JobRun run)
      throws IOException {
    var parts = parts(source, from, id, worker, workers);
    if (!isDone(name, origin)) {
      namespaces.adopt(name, folder -> fill(folder, source, parts, origin, run));
    }
    long files = parts.stream().mapToLong(RestoreJob::files).sum();
    run.progress(files, files);
    var result = new LinkedHashMap<String, Object>();
    result.put("partitions", parts.size());
    result.put("files", files);
    result.put("documents", parts.stream().mapToLong(PartitionBackup::documents).sum());
    return result;
  }

  private boolean isDone(NamespaceName name, String origin) throws IOException {
    if (origin.isEmpty()) {
      return false;
    }
    for (var each : namespaces.all()) {
      var mark = each.folder().resolve(ORIGIN);
      if (each.name().equals(name) && Files.exists(mark)) {
        return Files.readString(mark).strip().equals(origin);
      }
    }
    return false;
  }

  private static List<PartitionBackup> parts(
      BackupFolder source, String from, String id, int worker, int workers) throws IOException {
    var all = source.list().stream().filter(each -> each.id().equals(id)).toList();
    if (all.isEmpty()) {
      throw new MosaicException(
          ErrorCode.NOT_FOUND, "there is no backup '" + id + "' in '" + from + "'");
    }
    int partitions = BackupDefinitions.partitions(newestDefinition(all));
    var parts = new ArrayList<PartitionBackup>();
    for (int number = worker; number < partitions; number += workers) {
      int wanted = number;
      parts.add(
          all.stream()
              .filter(each -> each.partition() == wanted)
              .findFirst()
              .orElseThrow(() ->
                  new BackupException(
                      "backup '%s' in '%s' has no partition %d".formatted(id, from, wanted))));
    }
    return parts;
  }

  /** Attributes only ever join: the definition that was written last knows them all. */
  private static String newestDefinition(List<PartitionBackup> parts) {
    return parts.stream()
        .max(Comparator.comparing(PartitionBackup::createdAt))
        .orElseThrow()
        .definition();
  }

  private static long files(PartitionBackup part) {
    var manifest = part.manifest();
    return manifest == null ? 0 : manifest.shards().size();
  }

  private static void fill(
      Path folder, BackupFolder source, List<PartitionBackup> parts, String origin, JobRun run)
      throws IOException {
    long total = parts.stream().mapToLong(RestoreJob::files).sum();
    long before = 0;
    for (PartitionBackup part : parts) {
      long base = before;
      PartitionCopies.restore(
          part,
          source,
          folder.resolve(Integer.toString(part.partition())),
          (done, _) -> {
            run.stopIfRequested();
            run.progress(base + done, total);
          });
      before += files(part);
    }
    write(folder.resolve(BackupDefinitions.FILE), newestDefinition(parts));
    write(folder.resolve(ORIGIN), origin + "\n");
    DurableFiles.onDisk().fsyncDirectory(folder);
  }

  private static void write(Path file, String content) throws IOException {
    var disk = DurableFiles.onDisk();
    disk.write(file, content.getBytes(StandardCharsets.UTF_8));
    disk.fsync(file);
  }

  /** The backups of a target, the newest first. */
  static List<BackupBody> list(BackupFolder source) throws IOException {
    var byId = new LinkedHashMap<String, List<PartitionBackup>>();
    for (PartitionBackup each : source.list()) {
      byId.computeIfAbsent(each.id(), _ -> new ArrayList<>()).add(each);
    }
    return byId.entrySet().stream()
        .map(entry ->
            new BackupBody(
                entry.getKey(),
                entry.getValue().getFirst().namespace(),
                entry.getValue().getFirst().createdAt().toString(),
                entry.getValue().stream().map(PartitionBackup::partition).toList(),
                entry.getValue().stream().mapToLong(PartitionBackup::documents).sum(),
                entry.getValue().stream().mapToLong(PartitionBackup::bytes).sum()))
        .toList();
  }
}

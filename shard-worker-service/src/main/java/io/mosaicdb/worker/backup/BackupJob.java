package io.mosaicdb.worker.backup;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.model.NamespaceName;
import io.mosaicdb.storage.backup.BackupException;
import io.mosaicdb.storage.backup.BackupFolder;
import io.mosaicdb.worker.job.JobKind;
import io.mosaicdb.worker.job.JobRun;
import io.mosaicdb.worker.namespace.DiskThreads;
import io.mosaicdb.worker.namespace.Namespace;
import io.mosaicdb.worker.namespace.Namespaces;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;

/**
 * Copies partitions of a namespace into a target. Repeated with the same id it copies what is
 * missing.
 */
final class BackupJob implements JobKind {
  private final Namespaces namespaces;
  private final BackupTargets targets;
  private final DiskThreads thread;

  BackupJob(Namespaces namespaces, BackupTargets targets, DiskThreads thread) {
    this.namespaces = namespaces;
    this.targets = targets;
    this.thread = thread;
  }

  @Override
  public String name() {
    return "backup";
  }

  @Override
  public String unit() {
    return "files";
  }

  @Override
  public List<String> options() {
    return List.of("target", "id", "partitions");
  }

  @Override
  public ExecutorService threads() {
    return thread.executor();
  }

  @Override
  public Work prepare(String namespace, Map<String, String> options) {
    var held = namespaces.require(new NamespaceName(namespace));
    var target = targets.open("/target", options.getOrDefault("target", namespace));
    var id = BackupTargets.checkedId("/id", options.getOrDefault("id", ""));
    var partitions = partitions(options.getOrDefault("partitions", ""));
    partitions.forEach(held::partition);
    return run -> {
      try {
        return backup(held, target, id, partitions, run);
      } catch (BackupException e) {
        throw BackupTargets.refused(e);
      }
    };
  }

  static List<Integer> partitions(String text) {
    try {
      return Arrays.stream(text.split(",", -1)).map(Integer::valueOf).toList();
    } catch (NumberFormatException _) {
      throw MosaicException.invalidValue(
          "/partitions", "must be numbers with commas between, got '" + text + "'");
    }
  }

  private static Map<String, Object> backup(
      Namespace namespace, BackupFolder target, String id, List<Integer> partitions, JobRun run)
      throws IOException {
    target.prepare();
    long switches = namespace.switches();
    long files = 0;
    long copied = 0;
    long bytes = 0;
    var parts = new ArrayList<Integer>();
    for (int number : partitions) {
      long before = files;
      var part =
          namespace
              .partition(number)
              .backup(
                  id,
                  namespace.name().value(),
                  namespace::definitionText,
                  target,
                  (done, all) -> {
                    run.stopIfRequested();
                    run.progress(before + done, before + all);
                  });
      files += part.files();
      copied += part.copied();
      bytes += part.bytesCopied();
      parts.add(number);
    }
    if (namespace.switches() != switches) {
      throw new MosaicException(
          ErrorCode.SCHEMA_CONFLICT, "the namespace was rebuilt meanwhile; back it up again");
    }
    run.progress(files, files);
    var result = new LinkedHashMap<String, Object>();
    result.put("partitions", parts.size());
    result.put("files", files);
    result.put("files_copied", copied);
    result.put("bytes_copied", bytes);
    return result;
  }
}

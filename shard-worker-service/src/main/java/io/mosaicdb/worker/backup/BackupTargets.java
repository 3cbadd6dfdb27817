package io.mosaicdb.worker.backup;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.worker.ShardWorkerApi.BackupBody;
import io.mosaicdb.storage.backup.BackupException;
import io.mosaicdb.storage.backup.BackupFolder;
import io.mosaicdb.storage.backup.PartitionBackup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;

/** The folders that backups may be in: those in one configured folder, by a plain name. */
@Component
public final class BackupTargets {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_-]{0,63}");
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9-]{0,63}");

  private final Path folder;

  BackupTargets(BackupProperties properties) {
    this.folder = properties.folder().toAbsolutePath().normalize();
  }

  BackupFolder open(String pointer, String name) {
    if (!NAME.matcher(name).matches()) {
      throw MosaicException.invalidValue(
          pointer, "must be a name of 1 to 64 of a-z 0-9 _ -, not a path, got '" + name + "'");
    }
    return new BackupFolder(folder.resolve(name));
  }

  /** The backups of a target, the newest first; none where there is no such target. */
  public List<BackupBody> list(String name) {
    try {
      return RestoreJob.list(open("/target", name));
    } catch (BackupException e) {
      throw refused(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String checkedId(String pointer, String id) {
    if (!ID.matcher(id).matches()) {
      throw MosaicException.invalidValue(
          pointer, "must be the id of a backup, letters, digits and -, got '" + id + "'");
    }
    return id;
  }

  /** The id of the newest backup of a target. */
  static String newest(BackupFolder source, String name) throws IOException {
    return source.list().stream()
        .map(PartitionBackup::id)
        .findFirst()
        .orElseThrow(
            () -> new MosaicException(ErrorCode.NOT_FOUND, "there is no backup in '" + name + "'"));
  }

  /** What a failure of the copying means to whoever asked for it. */
  static MosaicException refused(BackupException failure) {
    return new MosaicException(
        ErrorCode.WORKER_UNAVAILABLE, String.valueOf(failure.getMessage()), failure);
  }
}

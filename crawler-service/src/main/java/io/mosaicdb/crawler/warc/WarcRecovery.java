package io.mosaicdb.crawler.warc;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.netpreserve.jwarc.WarcReader;

/** Finishes files whose writer ended in the middle: they are cut behind their last whole record. */
final class WarcRecovery {
  private WarcRecovery() {}

  static void finishOpenFiles(Path folder) throws IOException {
    List<Path> left;
    try (Stream<Path> files = Files.list(folder)) {
      left = files.filter(file -> file.toString().endsWith(WarcArchive.OPEN)).sorted().toList();
    }
    for (Path file : left) {
      long end = endOfWholeRecords(file);
      if (end == 0) {
        Files.delete(file);
        continue;
      }
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.truncate(end);
        channel.force(true);
      }
      WarcArchive.publish(file);
    }
  }

  private static long endOfWholeRecords(Path file) throws IOException {
    long end = 0;
    try (FileChannel channel = FileChannel.open(file);
        WarcReader reader = new WarcReader(channel)) {
      while (true) {
        var record = reader.next();
        // The reader stands at the start of a record when it gives it: all before it is whole.
        end = reader.position();
        if (record.isEmpty()) {
          return channel.size();
        }
        record.get().body().consume();
      }
    } catch (IOException torn) {
      return end;
    }
  }
}

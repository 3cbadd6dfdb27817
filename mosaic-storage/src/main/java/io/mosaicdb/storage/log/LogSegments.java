package io.mosaicdb.storage.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The files of a log, oldest first: an immutable list. A file's last entry is the one before the
 * next file's first; the last file is being written.
 */
record LogSegments(List<Segment> files) {
  private static final Pattern NAME = Pattern.compile("(\\d{8})\\.db");

  /** One file and the number its first entry has or will have. */
  record Segment(Path path, long firstSeq) {}

  LogSegments {
    files = List.copyOf(files);
  }

  static List<Path> list(Path directory) throws IOException {
    try (var paths = Files.list(directory)) {
      return paths
          .filter(path -> NAME.matcher(path.getFileName().toString()).matches())
          .sorted()
          .toList();
    }
  }

  static Path path(Path directory, long number) {
    return directory.resolve("%08d.db".formatted(number));
  }

  static long number(Path path) {
    var matcher = NAME.matcher(path.getFileName().toString());
    if (!matcher.matches()) {
      throw new IllegalArgumentException("not a log file: " + path);
    }
    return Long.parseLong(matcher.group(1));
  }

  long firstSeq() {
    return files.getFirst().firstSeq();
  }

  /** Index of the file that holds {@code seq}, which is not before the first. */
  int indexOf(long seq) {
    int index = files.size() - 1;
    while (files.get(index).firstSeq() > seq) {
      index--;
    }
    return index;
  }

  /** The last entry of file {@code index} if the newest of the log is {@code newest}. */
  long lastSeq(int index, long newest) {
    return index == files.size() - 1 ? newest : files.get(index + 1).firstSeq() - 1;
  }

  LogSegments with(Segment added) {
    var longer = new ArrayList<>(files);
    longer.add(added);
    return new LogSegments(longer);
  }

  LogSegments withoutFirst(int count) {
    return new LogSegments(files.subList(count, files.size()));
  }
}

package io.mosaicdb.coordinator.ingest;

import java.io.IOException;
import java.io.InputStream;

/** Cuts a stream into batches of lines. Memory is bounded by one batch and the longest line. */
final class LineReader {
  private final InputStream in;
  private final int mostLines;
  private final int mostBytes;
  private final int longestLine;
  private final byte[] buffer = new byte[64 * 1024];
  private int position;
  private int limit;
  private long line;
  private boolean ended;

  LineReader(InputStream in, int mostLines, int mostBytes, int longestLine) {
    this.in = in;
    this.mostLines = mostLines;
    this.mostBytes = mostBytes;
    this.longestLine = longestLine;
  }

  /** The number of the line that is being read, from 1. */
  long currentLine() {
    return line + 1;
  }

  /** Whether all lines were read. */
  boolean ended() {
    return ended;
  }

  /** Adds lines until the batch is full or the stream has ended. */
  void fill(LineBatch batch) throws IOException {
    boolean open = false;
    while (open || (batch.lines().size() < mostLines && batch.size() < mostBytes)) {
      if (position == limit) {
        position = 0;
        limit = Math.max(0, in.read(buffer, 0, buffer.length));
        if (limit == 0) {
          ended = true;
          if (open) {
            batch.endLine(++line);
          }
          return;
        }
      }
      int end = position;
      while (end < limit && buffer[end] != '\n') {
        end++;
      }
      batch.append(buffer, position, end - position, longestLine);
      open = end == limit;
      position = end;
      if (!open) {
        position++;
        batch.endLine(++line);
      }
    }
  }
}

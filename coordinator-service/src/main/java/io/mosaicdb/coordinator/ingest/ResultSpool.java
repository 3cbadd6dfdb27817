package io.mosaicdb.coordinator.ingest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Results on their way to a client that may not read them before it has sent everything, as most
 * HTTP clients do. If writing to it waited, reading would wait as well, and both sides for ever: so
 * what the client does not take goes to a temporary file once it is more than a megabyte. One
 * thread appends, one drains.
 */
final class ResultSpool implements AutoCloseable {
  private static final int MOST_IN_MEMORY = 1024 * 1024;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private ByteArrayOutputStream memory = new ByteArrayOutputStream();
  private @Nullable FileChannel file;
  private long written;
  private long read;
  private boolean complete;
  private boolean abandoned;

  void append(byte[] bytes) throws IOException {
    lock.lock();
    try {
      if (abandoned) {
        return;
      }
      memory.writeBytes(bytes);
      if (memory.size() > MOST_IN_MEMORY) {
        spill();
      }
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Nothing more comes. */
  void complete() {
    lock.lock();
    try {
      complete = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Copies what was and will be appended, until {@link #complete}. */
  void drainTo(OutputStream out) throws IOException, InterruptedException {
    try {
      for (var chunk = next(); chunk.length > 0; chunk = next()) {
        out.write(chunk);
        out.flush();
      }
    } finally {
      lock.lock();
      try {
        // Only a client that has gone away stops the drain early.
        abandoned = true;
        memory = new ByteArrayOutputStream();
      } finally {
        lock.unlock();
      }
    }
  }

  private byte[] next() throws IOException, InterruptedException {
    lock.lock();
    try {
      while (memory.size() == 0 && read == written && !complete) {
        changed.await();
      }
      if (file != null && read < written) {
        var chunk = ByteBuffer.allocate((int) Math.min(64 * 1024, written - read));
        while (chunk.hasRemaining() && file.read(chunk, read + chunk.position()) >= 0) {
          // Until the chunk is full: the file has that much.
        }
        read += chunk.capacity();
        return chunk.array();
      }
      var chunk = memory.toByteArray();
      memory.reset();
      return chunk;
    } finally {
      lock.unlock();
    }
  }

  private void spill() throws IOException {
    var target = file;
    if (target == null) {
      Path path = Files.createTempFile("mosaic-bulk-", ".ndjson");
      target =
          FileChannel.open(
              path,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE);
      file = target;
    }
    var bytes = ByteBuffer.wrap(memory.toByteArray());
    while (bytes.hasRemaining()) {
      written += target.write(bytes, written);
    }
    memory.reset();
  }

  @Override
  public void close() throws IOException {
    lock.lock();
    try {
      if (file != null) {
        file.close();
      }
    } finally {
      lock.unlock();
    }
  }
}

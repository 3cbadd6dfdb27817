package io.mosaicdb.stubs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What can happen to a file. */
public enum FileDamage {
  FLIPPED_AT_THE_BEGINNING {
    @Override
    public void applyTo(Path file) throws IOException {
      flip(file, 20);
    }
  },
  FLIPPED_IN_THE_MIDDLE {
    @Override
    public void applyTo(Path file) throws IOException {
      flip(file, Files.size(file) / 2);
    }
  },
  FLIPPED_AT_THE_END {
    @Override
    public void applyTo(Path file) throws IOException {
      flip(file, Files.size(file) - 20);
    }
  },
  CUT_SHORT {
    @Override
    public void applyTo(Path file) throws IOException {
      try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.truncate(channel.size() / 3);
      }
    }
  },
  EMPTIED {
    @Override
    public void applyTo(Path file) throws IOException {
      try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.truncate(0);
      }
    }
  },
  GONE {
    @Override
    public void applyTo(Path file) throws IOException {
      Files.delete(file);
    }
  },
  UNREADABLE {
    @Override
    public void applyTo(Path file) throws IOException {
      Files.delete(file);
      Files.createDirectory(file);
    }
  };

  public abstract void applyTo(Path file) throws IOException;

  /** Changes one bit of the byte at {@code at}. */
  public static void flip(Path file, long at) throws IOException {
    try (var channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      var one = ByteBuffer.allocate(1);
      channel.read(one, at);
      one.put(0, (byte) (one.get(0) ^ 4));
      channel.write(one.rewind(), at);
    }
  }
}

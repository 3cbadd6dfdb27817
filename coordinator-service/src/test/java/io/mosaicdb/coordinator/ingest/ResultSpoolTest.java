package io.mosaicdb.coordinator.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ResultSpoolTest {
  @Test
  void givesEverythingBackInOrderThoughNobodyReadsForLong() throws Exception {
    var random = new Random(7);
    var expected = new ByteArrayOutputStream();
    var drained = new ByteArrayOutputStream();
    try (var spool = new ResultSpool()) {
      // More than the memory takes, before the first read.
      for (int i = 0; i < 40; i++) {
        append(spool, expected, random);
      }
      var reader =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  spool.drainTo(drained);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
      for (int i = 0; i < 40; i++) {
        append(spool, expected, random);
      }
      spool.complete();
      reader.join();
    }

    assertThat(drained.toByteArray()).isEqualTo(expected.toByteArray());
  }

  private static void append(ResultSpool spool, ByteArrayOutputStream expected, Random random)
      throws IOException {
    var bytes = new byte[random.nextInt(100_000)];
    random.nextBytes(bytes);
    spool.append(bytes);
    expected.writeBytes(bytes);
  }
}

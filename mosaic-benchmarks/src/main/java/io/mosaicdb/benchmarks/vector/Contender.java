package io.mosaicdb.benchmarks.vector;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;

/** An index that was built and can be asked, with more or less effort. */
interface Contender extends AutoCloseable {
  String name();

  /** Wall time of the build divided by the vectors, in microseconds, on one thread. */
  double buildMicros();

  /** Bytes on disk divided by the vectors. */
  double bytesOnDisk();

  /** From the least effort to the most. */
  List<Effort> efforts();

  @Override
  void close() throws IOException, SQLException;

  /** One setting of one contender. */
  interface Effort {
    String name();

    /** The ordinals of the ten nearest, best first. */
    int[] search(float[] query) throws Exception;
  }
}

package io.mosaicdb.benchmarks.vector;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The vectors that the shards of a namespace hold, as sqlite-vec's table shows them. */
final class ShardVectors {
  private ShardVectors() {}

  /** All shards below the folder, superseded ones too; unit length, as the benchmark compares. */
  static List<float[]> read(Path namespace) throws IOException, SQLException {
    var sealed = namespace.getFileSystem().getPathMatcher("glob:**/shards/*.db");
    List<Path> shards;
    try (var files = Files.walk(namespace)) {
      shards = files.filter(sealed::matches).sorted().toList();
    }
    if (shards.isEmpty()) {
      throw new IOException("no shards/*.db below " + namespace.toAbsolutePath());
    }
    var vectors = new ArrayList<float[]>();
    for (var shard : shards) {
      try (var connection = ShardContender.withVectorTables(shard);
          var statement = connection.createStatement();
          var rows = statement.executeQuery("SELECT embedding FROM passage_vectors")) {
        while (rows.next()) {
          vectors.add(unit(rows.getBytes(1)));
        }
      }
    }
    return vectors;
  }

  private static float[] unit(byte[] bytes) {
    var vector = new float[bytes.length / Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(vector);
    double squares = 0;
    for (float value : vector) {
      squares += (double) value * value;
    }
    double length = Math.sqrt(squares);
    for (int d = 0; d < vector.length; d++) {
      vector[d] = (float) (vector[d] / length);
    }
    return vector;
  }
}

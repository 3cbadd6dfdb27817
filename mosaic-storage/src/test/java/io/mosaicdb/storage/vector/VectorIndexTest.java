package io.mosaicdb.storage.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.mosaicdb.storage.bits.OrdinalSet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class VectorIndexTest {
  private static final int DIMENSIONS = 96;
  private static final int VECTORS = 12_000;
  private static final int QUERIES = 40;

  private final ClusteredVectors random = new ClusteredVectors(DIMENSIONS, 150, 2);
  private final float[][] vectors = random.next(VECTORS);
  private final float[][] queries = random.next(QUERIES);
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "COSINE, 0, 10",
    "COSINE, 0, 100",
    "COSINE, 0, 1000",
    "COSINE, 110, 10",
    "COSINE, 110, 100",
    "COSINE, 110, 1000",
    "COSINE, 400, 10",
    "COSINE, 400, 1000",
    "DOT, 400, 10",
    "L2, 400, 100",
    "DOT, 0, 10",
    "DOT, 110, 100",
    "L2, 0, 10",
    "L2, 110, 100"
  })
  void findsAlmostAllOfTheTrueBest(VectorMetric metric, int cells, int k) throws SQLException {
    try (var shard = shard(metric, cells)) {
      double recall = 0;
      for (var query : queries) {
        var found = shard.search(query, k, VectorSearchOptions.DEFAULT, null);
        recall +=
            BruteForce.recall(
                BruteForce.best(metric, vectors, query, k, i -> true), found.ordinals());
      }

      assertThat(recall / QUERIES).isGreaterThan(.97);
    }
  }

  @ParameterizedTest
  @CsvSource({"COSINE, 0", "COSINE, 110", "DOT, 0", "DOT, 110", "L2, 0", "L2, 110"})
  void exactFindsTheTrueBest(VectorMetric metric, int cells) throws SQLException {
    try (var shard = shard(metric, cells)) {
      for (var query : queries) {
        var all = shard.search(query, 20, VectorSearchOptions.EXACT, null);
        var some = shard.search(query, 20, VectorSearchOptions.EXACT, i -> i % 7 == 3);

        assertThat(all.ordinals())
            .containsExactly(BruteForce.best(metric, vectors, query, 20, i -> true));
        assertThat(some.ordinals())
            .containsExactly(BruteForce.best(metric, vectors, query, 20, i -> i % 7 == 3));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void scoresAreThoseOfTheMetricBestFirst(VectorMetric metric) throws SQLException {
    try (var shard = shard(metric, 50)) {
      for (var query : queries) {
        var found = shard.search(query, 30, VectorSearchOptions.DEFAULT, null);

        for (int i = 0; i < found.size(); i++) {
          double expected = BruteForce.score(metric, vectors[found.ordinals()[i]], query);
          assertThat(found.scores()[i]).isCloseTo((float) expected, within(1e-5f));
          assertThat(i == 0 || found.scores()[i - 1] >= found.scores()[i]).isTrue();
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, 2",
    "0, 10",
    "0, 30",
    "0, 100",
    "0, 1000",
    "110, 2",
    "110, 10",
    "110, 30",
    "110, 100",
    "110, 1000"
  })
  void aFilterFillsTheResultWithTheBestAccepted(int cells, int oneIn) throws SQLException {
    IntPredicate accept = i -> i % oneIn == 1;
    try (var shard = shard(VectorMetric.COSINE, cells)) {
      double recall = 0;
      for (var query : queries) {
        var found = shard.search(query, 10, VectorSearchOptions.DEFAULT, accept);

        assertThat(found.size()).isEqualTo(10);
        assertThat(IntStream.of(found.ordinals())).allMatch(accept::test);
        recall +=
            BruteForce.recall(
                BruteForce.best(VectorMetric.COSINE, vectors, query, 10, accept), found.ordinals());
      }
      assertThat(recall / QUERIES).isGreaterThan(.97);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "COSINE, 0, true",
    "COSINE, 0, false",
    "COSINE, 110, true",
    "COSINE, 110, false",
    "DOT, 0, false",
    "L2, 0, true",
    "L2, 110, false"
  })
  void aFloorLeavesOutWhatScoresLess(VectorMetric metric, int cells, boolean exact)
      throws SQLException {
    var options = exact ? VectorSearchOptions.EXACT : VectorSearchOptions.DEFAULT;
    try (var shard = shard(metric, cells)) {
      double found = 0;
      for (var query : queries) {
        var all = shard.search(query, 100, VectorSearchOptions.EXACT, null);
        for (int better : new int[] {1, 7, 40}) {
          float floor = all.scores()[better - 1];

          var best = shard.search(query, 100, options, null, floor);
          var some = shard.search(query, 100, options, i -> i % 9 == 4, floor);

          assertThat(IntStream.of(best.ordinals()))
              .isSubsetOf(IntStream.of(all.ordinals()).limit(better).boxed().toList());
          assertThat(best.size()).isLessThanOrEqualTo(better);
          assertThat(IntStream.of(some.ordinals())).allMatch(i -> i % 9 == 4);
          for (var score : some.scores()) {
            assertThat(score).isGreaterThanOrEqualTo(floor);
          }
          found += best.size() / (double) better;
        }
        assertThat(shard.search(query, 100, options, null, Float.MAX_VALUE).size()).isZero();
      }
      // What scores just the floor is lost as often as what scores just as well as the k-th.
      assertThat(found / QUERIES / 3).isGreaterThan(exact ? .999999 : .94);
    }
  }

  @Test
  void aFilterThatAcceptsOnlyFarCellsIsSearchedThere() throws SQLException {
    try (var shard = shard(VectorMetric.COSINE, 110)) {
      double recall = 0;
      for (var query : queries) {
        // A few of the vectors least like the query: the first cells hold none of them.
        var all = BruteForce.best(VectorMetric.COSINE, vectors, query, VECTORS, i -> true);
        var isFar = new boolean[VECTORS];
        for (int i = VECTORS - 600; i < VECTORS; i++) {
          isFar[all[i]] = true;
        }
        IntPredicate accept = i -> isFar[i];

        var found = shard.search(query, 10, new VectorSearchOptions(.98, 8, 0, false), accept);

        assertThat(found.size()).isEqualTo(10);
        recall +=
            BruteForce.recall(
                BruteForce.best(VectorMetric.COSINE, vectors, query, 10, accept), found.ordinals());
      }
      assertThat(recall / QUERIES).isGreaterThan(.9);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 110})
  void fewerAcceptedThanAskedForAreAllReturned(int cells) throws SQLException {
    try (var shard = shard(VectorMetric.COSINE, cells)) {
      var found = shard.search(queries[0], 10, VectorSearchOptions.DEFAULT, i -> i < 3);
      var none = shard.search(queries[0], 10, VectorSearchOptions.DEFAULT, i -> false);

      assertThat(found.ordinals()).containsExactlyInAnyOrder(0, 1, 2);
      assertThat(none.size()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 7, 8, 9, 63, 65, 512})
  void smallShardsAreSearchedExactly(int size) throws SQLException {
    var few = Arrays.copyOf(vectors, size);
    try (var shard = shard(VectorMetric.COSINE, few, null)) {
      var found = shard.search(queries[0], 10, VectorSearchOptions.DEFAULT, null);

      assertThat(found.ordinals())
          .containsExactly(BruteForce.best(VectorMetric.COSINE, few, queries[0], 10, i -> true));
    }
  }

  @Test
  void equalVectorsComeByOrdinal() throws SQLException {
    var equal = new float[50][];
    Arrays.fill(equal, new float[] {1, 2, 3});
    try (var shard = shard(VectorMetric.L2, equal, null)) {
      var found = shard.search(new float[] {1, 2, 3}, 5, VectorSearchOptions.DEFAULT, null);

      assertThat(found.ordinals()).containsExactly(0, 1, 2, 3, 4);
      assertThat(found.scores()).containsOnly(0);
    }
  }

  @Test
  void oneQueryIsReusedOverShardsOfASet() throws SQLException {
    var centroids = train(60);
    var left = Arrays.copyOfRange(vectors, 0, VECTORS / 2);
    var right = Arrays.copyOfRange(vectors, VECTORS / 2, VECTORS);
    try (var first = shard(VectorMetric.COSINE, left, centroids);
        var second = shard(VectorMetric.COSINE, right, centroids)) {
      var query = VectorQuery.of(VectorMetric.COSINE, queries[0]);

      first.index.search(query, 10, VectorSearchOptions.DEFAULT, null, first.connection);
      second.index.search(query, 10, VectorSearchOptions.DEFAULT, null, second.connection);

      assertThat(query.routing(centroids, 1)).isSameAs(query.routing(centroids, 1));
      assertThat(first.index.cells()).isEqualTo(60);
    }
  }

  @Test
  void aShardCarriesItsCentroidsAndSharesKnownOnes() throws SQLException {
    var centroids = train(60);
    var file = ShardFile.write(folder.resolve("known.db"), VectorMetric.COSINE, vectors, centroids);
    try (var connection = file.connect();
        var alone = VectorIndex.open(connection);
        var sharing = VectorIndex.open(connection, centroids)) {
      assertThat(alone.cells()).isEqualTo(60);
      assertThat(sharing.cells()).isEqualTo(60);
      assertThat(sharing.bytes()).isEqualTo(alone.bytes());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 40})
  void writingTwiceGivesEqualBytes(int cells) throws Exception {
    var centroids = cells == 0 ? null : train(cells);
    var first = ShardFile.write(folder.resolve("1.db"), VectorMetric.COSINE, vectors, centroids);
    var second = ShardFile.write(folder.resolve("2.db"), VectorMetric.COSINE, vectors, centroids);

    assertThat(Files.mismatch(first.path(), second.path())).isEqualTo(-1);
  }

  @Test
  void scalarAndSimdKernelsGiveTheSameAnswers() throws SQLException {
    try (var shard = shard(VectorMetric.COSINE, 60);
        var scalar = VectorIndex.open(shard.connection, null, new ScalarKernels())) {
      for (var vector : queries) {
        var query = VectorQuery.of(VectorMetric.COSINE, vector);
        var fast = shard.search(vector, 50, VectorSearchOptions.DEFAULT, null);
        var slow = scalar.search(query, 50, VectorSearchOptions.DEFAULT, null, shard.connection);

        assertThat(slow.ordinals()).isEqualTo(fast.ordinals());
        assertThat(slow.scores()).isEqualTo(fast.scores());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 4096, 65536})
  void floatsReadFromPagesAreThoseReadBySql(int pageSize) throws SQLException {
    for (int dimensions : new int[] {1, 3, 96, 700}) {
      var content = new ClusteredVectors(dimensions, 3, 1).next(3_000);
      var path = folder.resolve("pages" + pageSize + "-" + dimensions + ".db");
      try (var create = new ShardFile(path).connect();
          var statement = create.createStatement()) {
        statement.execute("PRAGMA page_size = " + pageSize);
        statement.execute("CREATE TABLE other(a)");
      }
      var file = ShardFile.write(path, VectorMetric.L2, content, null);
      try (var connection = file.connect();
          var index = VectorIndex.open(connection);
          var stored = index.stored(connection);
          var bySql = index.storedBySql(connection)) {
        var all = IntStream.range(0, 3_000).toArray();

        assertThat(stored.isMapped()).isTrue();
        assertThat(stored.read(all, 3_000)).isEqualTo(bySql.read(all, 3_000));
      }
    }
  }

  @Test
  void filesThatMayHavePagesElsewhereAreReadBySql() throws SQLException {
    var file = ShardFile.write(folder.resolve("wal.db"), VectorMetric.L2, vectors, null);
    try (var connection = file.connect();
        var statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode = WAL");
      try (var index = VectorIndex.open(connection);
          var stored = index.stored(connection)) {
        assertThat(stored.isMapped()).isFalse();
        assertThat(
                index
                    .search(
                        VectorQuery.of(VectorMetric.L2, vectors[7]),
                        1,
                        VectorSearchOptions.DEFAULT,
                        null,
                        stored)
                    .ordinals())
            .containsExactly(7);
      }
    }
  }

  @Test
  void writingNamesTheVectorThatCannotBeIndexed() {
    var path = folder.resolve("bad.db");
    assertThatThrownBy(
            () -> ShardFile.write(path, VectorMetric.COSINE, new float[][] {{1, 0}, {0, 0}}, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("passage 1: vector must not be all zeros");
    assertThatThrownBy(
            () -> ShardFile.write(path, VectorMetric.COSINE, new float[][] {{1, 0}, {1}}, null))
        .hasMessage("passage 1 must have 2 dimensions, got 1");
  }

  @Test
  void rejectsAQueryThatDoesNotFit() throws SQLException {
    try (var shard = shard(VectorMetric.COSINE, Arrays.copyOf(vectors, 10), null)) {
      assertThatThrownBy(() -> shard.search(new float[] {1}, 5, VectorSearchOptions.DEFAULT, null))
          .hasMessage("the index holds 96 dimensions under COSINE, the query has 1 under COSINE");
      assertThatThrownBy(() -> shard.search(queries[0], 0, VectorSearchOptions.DEFAULT, null))
          .hasMessage("k must be > 0, got 0");
      var query = VectorQuery.of(VectorMetric.COSINE, queries[0]);
      assertThatThrownBy(() ->
              shard.index.search(
                  query, 5, VectorSearchOptions.DEFAULT, OrdinalSet.all(11), shard.connection))
          .hasMessage("the index holds 10 passages, the filter covers 11");
    }
  }

  @Test
  void searchingAClosedIndexFails() throws SQLException {
    try (var shard = shard(VectorMetric.COSINE, 0)) {
      shard.index.close();

      assertThatThrownBy(() -> shard.search(queries[0], 5, VectorSearchOptions.DEFAULT, null))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void damagedFilesAreRefused() throws SQLException {
    var file = ShardFile.write(folder.resolve("damaged.db"), VectorMetric.L2, vectors, null);
    try (var connection = file.connect();
        var statement = connection.createStatement()) {
      statement.execute("UPDATE vector_slices SET codes = substr(codes, 9) WHERE slice = 1");
      assertThatThrownBy(() -> VectorIndex.open(connection))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("slice 1");
      statement.execute("UPDATE vector_index SET version = 2");
      assertThatThrownBy(() -> VectorIndex.open(connection))
          .hasMessage("vector index has version 2, this build reads 1");
    }
  }

  @Test
  void anyoneWithSqliteVecGetsTheExactNeighboursBySql() throws SQLException {
    for (var metric : new VectorMetric[] {VectorMetric.COSINE, VectorMetric.L2}) {
      try (var shard = shard(metric, 0);
          var knn =
              shard.connection.prepareStatement(
                  "SELECT rowid - 1, distance FROM passage_vectors"
                      + " WHERE embedding MATCH ? AND k = 10 ORDER BY distance")) {
        for (var query : Arrays.copyOf(queries, 5)) {
          knn.setString(1, Arrays.toString(query));
          var exact = shard.search(query, 10, VectorSearchOptions.EXACT, null);
          try (var rows = knn.executeQuery()) {
            for (int i = 0; i < 10; i++) {
              assertThat(rows.next()).isTrue();
              assertThat(rows.getInt(1)).isEqualTo(exact.ordinals()[i]);
              double distance = rows.getDouble(2);
              assertThat(metric == VectorMetric.COSINE ? 1 - distance : -distance * distance)
                  .isCloseTo(exact.scores()[i], within(1e-4));
            }
          }
        }
      }
    }
  }

  private CentroidSet train(int cells) {
    return CentroidSet.train(VectorMetric.COSINE, VectorSource.of(List.of(vectors)), cells);
  }

  private OpenShard shard(VectorMetric metric, int cells) throws SQLException {
    var centroids =
        cells == 0 ? null : CentroidSet.train(metric, VectorSource.of(List.of(vectors)), cells);
    return shard(metric, vectors, centroids);
  }

  private int files;

  private OpenShard shard(VectorMetric metric, float[][] content, @Nullable CentroidSet centroids)
      throws SQLException {
    var file =
        ShardFile.write(folder.resolve("shard" + files++ + ".db"), metric, content, centroids);
    var connection = file.connect();
    return new OpenShard(VectorIndex.open(connection), connection);
  }

  private record OpenShard(VectorIndex index, Connection connection) implements AutoCloseable {
    ScoredPassages search(
        float[] vector, int k, VectorSearchOptions options, @Nullable IntPredicate accept)
        throws SQLException {
      return search(vector, k, options, accept, Float.NEGATIVE_INFINITY);
    }

    ScoredPassages search(
        float[] vector,
        int k,
        VectorSearchOptions options,
        @Nullable IntPredicate accept,
        float floor)
        throws SQLException {
      var query = VectorQuery.of(index.metric(), vector);
      return index.search(
          query, k, options, accept == null ? null : set(accept, index.size()), floor, connection);
    }

    @Override
    public void close() throws SQLException {
      index.close();
      connection.close();
    }
  }

  private static OrdinalSet set(IntPredicate accept, int size) {
    var words = new long[OrdinalSet.wordsFor(size)];
    for (int i = 0; i < size; i++) {
      if (accept.test(i)) {
        words[i >>> 6] |= 1L << i;
      }
    }
    return OrdinalSet.wrap(words, size);
  }
}

package io.mosaicdb.benchmarks.vector;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.codecs.lucene104.Lucene104HnswScalarQuantizedVectorsFormat;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.IndexWriterConfig.OpenMode;
import org.apache.lucene.index.SerialMergeScheduler;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.RescoreTopNQuery;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.util.quantization.QuantizedByteVectorValues.ScalarEncoding;
import org.jspecify.annotations.Nullable;

/**
 * Lucene's HNSW graph over floats or over quantized vectors, 16 neighbours and a beam of 100, in a
 * single segment. Quantized candidates are rescored by floats. A document's number is its ordinal,
 * since nothing is deleted or merged out of order.
 */
final class LuceneContender implements Contender {
  private static final int NEIGHBOURS = 16;
  private static final int BEAM = 100;
  private static final int[] SEARCH_BEAMS = {10, 20, 30, 40, 60, 80, 120, 160, 240, 320, 480};
  private static final String FIELD = "vector";

  private final Kind kind;
  private final double buildMicros;
  private final double bytesOnDisk;
  private final Directory directory;
  private final DirectoryReader reader;
  private final IndexSearcher searcher;

  private LuceneContender(Kind kind, double buildMicros, double bytesOnDisk, Directory directory)
      throws IOException {
    this.kind = kind;
    this.buildMicros = buildMicros;
    this.bytesOnDisk = bytesOnDisk;
    this.directory = directory;
    this.reader = DirectoryReader.open(directory);
    this.searcher = new IndexSearcher(reader);
    searcher.setQueryCache(null);
    if (reader.leaves().size() != 1) {
      throw new IllegalStateException("expected one segment, got " + reader.leaves().size());
    }
  }

  static LuceneContender build(Path folder, Kind kind, List<float[]> vectors) throws IOException {
    var path = folder.resolve("lucene-" + kind.name());
    long start = System.nanoTime();
    var directory = new MMapDirectory(path);
    var config =
        new IndexWriterConfig()
            .setOpenMode(OpenMode.CREATE)
            .setCodec(
                new Lucene104Codec() {
                  @Override
                  public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
                    return kind.format();
                  }
                })
            .setRAMBufferSizeMB(1900)
            .setUseCompoundFile(false)
            .setMergeScheduler(new SerialMergeScheduler());
    try (var writer = new IndexWriter(directory, config)) {
      for (var vector : vectors) {
        var document = new Document();
        document.add(new KnnFloatVectorField(FIELD, vector, VectorSimilarityFunction.DOT_PRODUCT));
        writer.addDocument(document);
      }
      writer.flush();
      writer.forceMerge(1);
      writer.commit();
    }
    double micros = (System.nanoTime() - start) / 1e3 / vectors.size();
    long bytes = 0;
    try (var files = Files.list(path)) {
      for (var file : (Iterable<Path>) files::iterator) {
        bytes += Files.size(file);
      }
    }
    return new LuceneContender(kind, micros, bytes / (double) vectors.size(), directory);
  }

  /** What the graph's nodes are compared by. */
  enum Kind {
    FLOAT("float", null),
    SEVEN_BIT("7 bits", ScalarEncoding.SEVEN_BIT),
    FOUR_BIT("4 bits", ScalarEncoding.PACKED_NIBBLE),
    ONE_BIT("1 bit", ScalarEncoding.SINGLE_BIT_QUERY_NIBBLE);

    private final String title;
    private final @Nullable ScalarEncoding encoding;

    Kind(String title, @Nullable ScalarEncoding encoding) {
      this.title = title;
      this.encoding = encoding;
    }

    KnnVectorsFormat format() {
      return encoding == null
          ? new Lucene99HnswVectorsFormat(NEIGHBOURS, BEAM)
          : new Lucene104HnswScalarQuantizedVectorsFormat(encoding, NEIGHBOURS, BEAM);
    }
  }

  @Override
  public String name() {
    return "Lucene HNSW, " + kind.title;
  }

  @Override
  public double buildMicros() {
    return buildMicros;
  }

  @Override
  public double bytesOnDisk() {
    return bytesOnDisk;
  }

  @Override
  public List<Effort> efforts() {
    var efforts = new ArrayList<Effort>();
    for (int beam : SEARCH_BEAMS) {
      if (kind == Kind.FLOAT) {
        efforts.add(new Search(beam, 0));
      } else {
        efforts.add(new Search(beam, Math.min(beam, kind == Kind.ONE_BIT ? 50 : 20)));
      }
    }
    return efforts;
  }

  private final class Search implements Effort {
    private final int beam;
    private final int rescored;

    Search(int beam, int rescored) {
      this.beam = beam;
      this.rescored = rescored;
    }

    @Override
    public String name() {
      return "beam " + beam + (rescored == 0 ? "" : ", rescoring " + rescored);
    }

    @Override
    public int[] search(float[] query) throws IOException {
      Query search = new KnnFloatVectorQuery(FIELD, query, beam);
      if (rescored > 0) {
        search = RescoreTopNQuery.createFullPrecisionRescorerQuery(search, query, FIELD, rescored);
      }
      var hits = searcher.search(search, 10).scoreDocs;
      var ordinals = new int[hits.length];
      for (int i = 0; i < hits.length; i++) {
        ordinals[i] = hits[i].doc;
      }
      return ordinals;
    }
  }

  @Override
  public void close() throws IOException {
    reader.close();
    directory.close();
  }
}

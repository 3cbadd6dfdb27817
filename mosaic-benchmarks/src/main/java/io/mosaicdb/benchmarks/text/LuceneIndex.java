package io.mosaicdb.benchmarks.text;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.MultiDocValues;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.store.MMapDirectory;

/** The peer: one merged Lucene segment, memory-mapped, searched by its default BM25. */
final class LuceneIndex implements AutoCloseable {
  private final DirectoryReader reader;
  private final IndexSearcher searcher;

  LuceneIndex(Path folder) throws IOException {
    reader = DirectoryReader.open(new MMapDirectory(folder));
    searcher = new IndexSearcher(reader);
    searcher.setSimilarity(new BM25Similarity(1.2f, 0.75f));
    searcher.setQueryCache(null);
  }

  static void build(Path folder, SyntheticDocuments documents, int count) throws IOException {
    var config = new IndexWriterConfig(new StandardAnalyzer());
    config.setRAMBufferSizeMB(256);
    try (var directory = new MMapDirectory(folder);
        var writer = new IndexWriter(directory, config)) {
      for (int i = 0; i < count; i++) {
        var document = new Document();
        document.add(new NumericDocValuesField("id", i));
        document.add(new TextField("text", documents.text(i), Field.Store.NO));
        writer.addDocument(document);
      }
      writer.forceMerge(1);
      writer.commit();
    }
  }

  static Query anyOf(List<String> words) {
    var query = new BooleanQuery.Builder();
    for (var word : words) {
      query.add(new TermQuery(new Term("text", word)), BooleanClause.Occur.SHOULD);
    }
    return query.build();
  }

  TopDocs search(Query query, int k) {
    try {
      return searcher.search(query, k);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The document numbers of the hits, in order. */
  int[] documents(TopDocs found) throws IOException {
    var result = new int[found.scoreDocs.length];
    for (int i = 0; i < result.length; i++) {
      NumericDocValues ids = MultiDocValues.getNumericValues(reader, "id");
      if (ids == null || !ids.advanceExact(found.scoreDocs[i].doc)) {
        throw new IllegalStateException("a document without id: " + found.scoreDocs[i].doc);
      }
      result[i] = (int) ids.longValue();
    }
    return result;
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}

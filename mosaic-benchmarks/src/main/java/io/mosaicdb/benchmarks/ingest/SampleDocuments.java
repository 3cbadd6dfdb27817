package io.mosaicdb.benchmarks.ingest;

import io.mosaicdb.benchmarks.text.SyntheticDocuments;
import io.mosaicdb.benchmarks.vector.EmbeddingLikeVectors;
import io.mosaicdb.model.document.Document;
import io.mosaicdb.model.document.Passage;
import io.mosaicdb.model.document.Vectors;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/**
 * Documents of about 150 words with a vector each, the same in every run, and questions to them.
 * Documents come first, then questions.
 */
public final class SampleDocuments {
  public static final int DIMENSIONS = 384;
  private static final long SEED = 42;
  private static final JsonMapper JSON = new JsonMapper();
  private final SyntheticDocuments texts = new SyntheticDocuments(SEED);
  private final EmbeddingLikeVectors vectors;
  private final int count;
  private int next;
  private int questions;

  public SampleDocuments(int count) {
    this.count = count;
    this.vectors = new EmbeddingLikeVectors(DIMENSIONS, count, SEED);
  }

  /** The next document, as storage takes it. */
  Document nextDocument() {
    var text = texts.text(next);
    var passage = new Passage(0, text.length(), Vectors.toBytes(vectors.next()));
    return new Document(
        "document-" + next++,
        new TreeMap<>(Map.of("text", text)),
        null,
        new TreeMap<>(),
        List.of(),
        List.of(passage));
  }

  /** The next document, as a line of the bulk endpoint. */
  byte[] nextLine() {
    return nextLine("");
  }

  /**
   * The same with more members.
   *
   * @param more JSON members with a comma before them, or nothing
   */
  public byte[] nextLine(String more) {
    var line =
        JSON.writeValueAsString(
            Map.of("id", "document-" + next, "text", texts.text(next), "vector", vectors.next()));
    next++;
    return (line.substring(0, line.length() - 1) + more + "}\n").getBytes(StandardCharsets.UTF_8);
  }

  /** Leaves documents out. */
  public void skip(int documents) {
    for (int i = 0; i < documents; i++) {
      var _ = vectors.next();
    }
    next += documents;
  }

  /** A request for ten hits by five words of a document and by a vector. */
  public byte[] nextHybridRequest() {
    return JSON.writeValueAsBytes(Map.of("q", nextQuestion(), "vector", vectors.next()));
  }

  /** A request for ten hits by such words alone. */
  public byte[] nextKeywordRequest() {
    return JSON.writeValueAsBytes(Map.of("q", nextQuestion(), "mode", "keyword"));
  }

  /** The next question's vector alone. */
  public float[] nextVector() {
    return vectors.next();
  }

  /** Five words that follow one another in a document, none of them frequent. */
  public String nextQuestion() {
    return texts.question(questions++, count, 5, 50).stream()
        .map(texts::word)
        .collect(Collectors.joining(" "));
  }
}

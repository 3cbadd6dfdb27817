package io.mosaicdb.storage.live;

import io.mosaicdb.model.document.Document;
import io.mosaicdb.model.document.Passage;
import io.mosaicdb.model.document.Vectors;
import io.mosaicdb.model.schema.Attribute;
import io.mosaicdb.model.schema.VectorField;
import io.mosaicdb.storage.document.DocumentVersion;
import io.mosaicdb.storage.filter.AttributeColumns;
import io.mosaicdb.storage.shard.ShardSchema;
import io.mosaicdb.storage.text.IndexedFields;
import io.mosaicdb.storage.text.LiveTextIndex;
import io.mosaicdb.storage.vector.LiveVectors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A growing segment. {@link #append} is for one thread at a time; what it wrote is seen by readers
 * of a view that was published (through any volatile write) afterwards.
 *
 * <p>A document's vectors live in the vector index only; {@link #withVectors} puts them back.
 */
public final class LiveSegment {
  private static final byte[] NO_VECTOR = {};
  private static final int MAP_ENTRY_BYTES = 64;

  private final Map<String, Integer> newest = new ConcurrentHashMap<>();
  private final AttributeColumns columns = new AttributeColumns();
  private final List<String> names;
  private final LiveTextIndex text;
  private final @Nullable LiveVectors vectors;

  // Grown by replacement: a reader takes the array once and looks only below its view's count.
  private volatile DocumentVersion[] documents = new DocumentVersion[64];
  private volatile int[] firstPassages = new int[65];
  private volatile int[] previous = new int[64];
  private volatile int[] passageDocuments = new int[64];
  private int documentCount;
  private int passageCount;
  private long documentBytes;
  private long firstCommitSeq;

  public LiveSegment(IndexedFields fields, VectorField vector) {
    this.names = fields.names();
    this.text = new LiveTextIndex(fields);
    this.vectors =
        vector.present()
            ? new LiveVectors(ShardSchema.vectorMetric(vector.metric()), vector.dimensions())
            : null;
  }

  /** Appends a document and returns its ordinal. */
  public int append(Document document, long version, Map<String, Attribute> attributes) {
    int ordinal = documentCount;
    if (ordinal == 0) {
      firstCommitSeq = version;
    }
    if (ordinal == documents.length) {
      documents = Arrays.copyOf(documents, ordinal * 2);
      firstPassages = Arrays.copyOf(firstPassages, ordinal * 2 + 1);
      previous = Arrays.copyOf(previous, ordinal * 2);
    }
    var passages = new ArrayList<Passage>(document.passages().size());
    for (Passage passage : document.passages()) {
      if (vectors == null) {
        break;
      }
      if (passageCount == passageDocuments.length) {
        passageDocuments = Arrays.copyOf(passageDocuments, passageCount * 2);
      }
      passageDocuments[passageCount++] = ordinal;
      vectors.append(Vectors.toFloats(passage.vector()));
      passages.add(new Passage(passage.start(), passage.end(), NO_VECTOR));
    }
    var slim =
        new Document(
            document.id(),
            document.fields(),
            document.url(),
            document.attributes(),
            document.links(),
            passages);
    documents[ordinal] = new DocumentVersion(slim, version);
    firstPassages[ordinal + 1] = passageCount;
    text.add(ShardSchema.values(document, names));
    columns.append(ordinal, document.attributes(), attributes);
    columns.appendHost(ordinal, document.url());
    previous[ordinal] = find(document.id());
    newest.put(document.id(), ordinal);
    documentBytes += sizeOf(document);
    documentCount = ordinal + 1;
    return ordinal;
  }

  private static long sizeOf(Document document) {
    long bytes = 200 + 2L * document.id().length();
    for (var field : document.fields().values()) {
      bytes += 2L * field.length();
    }
    return bytes + MAP_ENTRY_BYTES * (document.attributes().size() + document.links().size() + 1L);
  }

  /** What is there now, for the appending thread to publish. */
  public LiveView view() {
    return new LiveView(this, documentCount, passageCount);
  }

  /** For the appending thread. */
  public int documentCount() {
    return documentCount;
  }

  /** The first document's commit_seq, 0 while empty. For the appending thread. */
  public long firstCommitSeq() {
    return firstCommitSeq;
  }

  /** About how much memory the segment takes. */
  public long bytes() {
    return documentBytes + text.bytes() + columns.bytes() + (vectors == null ? 0 : vectors.bytes());
  }

  /** The ordinal of the newest version of {@code id}, or -1. */
  int find(String id) {
    Integer ordinal = newest.get(id);
    return ordinal == null ? -1 : ordinal;
  }

  int before(int ordinal) {
    return previous[ordinal];
  }

  DocumentVersion document(int ordinal) {
    return documents[ordinal];
  }

  int firstPassage(int document) {
    return firstPassages[document];
  }

  int documentOf(int passage) {
    return passageDocuments[passage];
  }

  LiveTextIndex text() {
    return text;
  }

  AttributeColumns columns() {
    return columns;
  }

  @Nullable LiveVectors vectors() {
    return vectors;
  }

  DocumentVersion withVectors(int ordinal) {
    var version = documents[ordinal];
    if (vectors == null || version.document().passages().isEmpty()) {
      return version;
    }
    var slim = version.document();
    var passages = new ArrayList<Passage>();
    int first = firstPassages[ordinal];
    for (int i = 0; i < slim.passages().size(); i++) {
      var passage = slim.passages().get(i);
      passages.add(
          new Passage(passage.start(), passage.end(), Vectors.toBytes(vectors.vector(first + i))));
    }
    return new DocumentVersion(
        new Document(
            slim.id(),
            slim.fields(),
            slim.url(),
            slim.attributes(),
            slim.links(),
            List.copyOf(passages)),
        version.version());
  }
}

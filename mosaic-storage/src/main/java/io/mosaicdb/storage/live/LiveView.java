package io.mosaicdb.storage.live;

import io.mosaicdb.model.filter.Filter;
import io.mosaicdb.storage.bits.OrdinalSet;
import io.mosaicdb.storage.document.DocumentVersion;
import io.mosaicdb.storage.document.LinkedDocument;
import io.mosaicdb.storage.filter.ColumnView;
import io.mosaicdb.storage.segment.Segment;
import io.mosaicdb.storage.text.TextSegment;
import io.mosaicdb.storage.vector.ScoredPassages;
import io.mosaicdb.storage.vector.VectorQuery;
import io.mosaicdb.storage.vector.VectorSearchOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A live segment as it was at one moment: its first documents. */
public final class LiveView implements Segment {
  private final LiveSegment segment;
  private final int documentCount;
  private final int passageCount;

  /** Made when it is first asked for; remembers what a query read of it. */
  private volatile @Nullable TextSegment text;

  LiveView(LiveSegment segment, int documentCount, int passageCount) {
    this.segment = segment;
    this.documentCount = documentCount;
    this.passageCount = passageCount;
  }

  @Override
  public Optional<String> shardId() {
    return Optional.empty();
  }

  @Override
  public int documentCount() {
    return documentCount;
  }

  @Override
  public int passageCount() {
    return passageCount;
  }

  @Override
  public String id(int document) {
    return segment.document(document).document().id();
  }

  @Override
  public long version(int document) {
    return segment.document(document).version();
  }

  /** May find a version that came after this view, with an ordinal at or above its count. */
  @Override
  public int find(String id) {
    return segment.find(id);
  }

  @Override
  public int before(int document) {
    return segment.before(document);
  }

  @Override
  public boolean isSortedById() {
    return false;
  }

  @Override
  public int documentOf(int passage) {
    return segment.documentOf(passage);
  }

  @Override
  public int firstPassage(int document) {
    return segment.firstPassage(document);
  }

  @Override
  public int passageStart(int passage) {
    return passage(passage).start();
  }

  @Override
  public int passageEnd(int passage) {
    return passage(passage).end();
  }

  private io.mosaicdb.model.document.Passage passage(int passage) {
    int document = segment.documentOf(passage);
    return segment
        .document(document)
        .document()
        .passages()
        .get(passage - segment.firstPassage(document));
  }

  @Override
  public TextSegment text() {
    var known = text;
    if (known == null) {
      known = segment.text().view(documentCount);
      text = known;
    }
    return known;
  }

  @Override
  public OrdinalSet matching(Filter filter) {
    return segment.columns().evaluate(filter, documentCount);
  }

  @Override
  public double estimate(Filter filter) {
    return segment.columns().estimate(filter, documentCount);
  }

  @Override
  public Optional<ColumnView> column(String name) {
    return segment.columns().view(name, documentCount);
  }

  @Override
  public ScoredPassages nearest(
      VectorQuery query,
      int k,
      VectorSearchOptions options,
      @Nullable OrdinalSet accept,
      float floor) {
    var vectors = segment.vectors();
    return vectors == null || passageCount == 0
        ? ScoredPassages.NONE
        : vectors.search(query, k, options.exact(), passageCount, accept, floor);
  }

  @Override
  public float[] vectors(int[] passages) {
    var vectors = segment.vectors();
    if (vectors == null) {
      return new float[0];
    }
    var read = new float[passages.length * vectors.dimensions()];
    for (int i = 0; i < passages.length; i++) {
      System.arraycopy(
          vectors.vector(passages[i]), 0, read, i * vectors.dimensions(), vectors.dimensions());
    }
    return read;
  }

  @Override
  public List<DocumentVersion> load(int[] ordinals, boolean withVectors) {
    var loaded = new ArrayList<DocumentVersion>(ordinals.length);
    for (int ordinal : ordinals) {
      loaded.add(withVectors ? segment.withVectors(ordinal) : segment.document(ordinal));
    }
    return loaded;
  }

  @Override
  public List<LinkedDocument> links(int[] ordinals) {
    var linked = new ArrayList<LinkedDocument>(ordinals.length);
    for (int ordinal : ordinals) {
      var document = segment.document(ordinal).document();
      linked.add(new LinkedDocument(document.id(), document.url(), document.links()));
    }
    return linked;
  }
}

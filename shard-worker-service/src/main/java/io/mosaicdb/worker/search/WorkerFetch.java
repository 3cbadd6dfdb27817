package io.mosaicdb.worker.search;

import io.mosaicdb.contract.document.DocumentBody;
import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.search.SearchResponse;
import io.mosaicdb.contract.worker.FetchRequest;
import io.mosaicdb.contract.worker.FetchResponse;
import io.mosaicdb.model.document.Document;
import io.mosaicdb.storage.search.HitFetch;
import io.mosaicdb.storage.search.PartitionSnapshot;
import io.mosaicdb.storage.text.Snippet;
import io.mosaicdb.storage.text.TextQuery;
import io.mosaicdb.worker.namespace.Namespace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Fetches what a page of hits shows. Reads files: for platform threads. */
@Component
public final class WorkerFetch {
  private static final int LONGEST_PASSAGE = 1_200;

  private final SnapshotLeases leases;

  WorkerFetch(SnapshotLeases leases) {
    this.leases = leases;
  }

  public FetchResponse fetch(Namespace namespace, FetchRequest request) {
    var wanted = new ArrayList<HitFetch.Wanted>(request.hits().size());
    // One snapshot a partition: numbers of segments mean nothing in another.
    var snapshots = new HashMap<Integer, PartitionSnapshot>();
    for (FetchRequest.WantedHit hit : request.hits()) {
      var snapshot =
          snapshots.computeIfAbsent(
              hit.ref().partition(), partition -> snapshot(namespace, request, partition));
      wanted.add(wanted(snapshot, request.lease() != null, hit));
    }
    var query =
        request.text() == null
            ? null
            : WordOptions.parse(namespace, request.text(), request.words());
    var hits = new ArrayList<FetchResponse.FetchedHit>(wanted.size());
    for (HitFetch.Fetched fetched : HitFetch.fetch(wanted)) {
      hits.add(hit(namespace, fetched, request, query));
    }
    return new FetchResponse(hits);
  }

  private PartitionSnapshot snapshot(Namespace namespace, FetchRequest request, int partition) {
    return request.lease() == null
        ? Snapshots.of(namespace.partition(partition), request.asOf())
        : leases.require(request.lease(), partition);
  }

  private static HitFetch.Wanted wanted(
      PartitionSnapshot snapshot, boolean leased, FetchRequest.WantedHit hit) {
    int passage = Objects.requireNonNullElse(hit.passage(), -1);
    if (leased) {
      return new HitFetch.Wanted(snapshot, hit.ref().segment(), hit.ref().ordinal(), passage);
    }
    for (int i = snapshot.segments().size() - 1; i >= 0; i--) {
      int document = snapshot.segments().get(i).find(hit.id());
      if (document >= 0) {
        return new HitFetch.Wanted(snapshot, i, document, passage);
      }
    }
    throw new MosaicException(
        ErrorCode.SNAPSHOT_GONE,
        "document '%s' cannot be read as of commit %d of partition %d"
            .formatted(hit.id(), snapshot.commitSeq(), snapshot.partition()));
  }

  private static FetchResponse.FetchedHit hit(
      Namespace namespace,
      HitFetch.Fetched fetched,
      FetchRequest request,
      @Nullable TextQuery query) {
    var document = fetched.version().document();
    var highlights = new ArrayList<SearchResponse.HighlightBody>();
    Snippet best = null;
    if (query != null) {
      for (String field : request.highlightFields()) {
        if (!namespace.schema().fields().containsKey(field)) {
          continue;
        }
        for (Snippet snippet :
            namespace.snippets().of(field, document.text(field), query, request.fragments())) {
          if (!snippet.spans().isEmpty()) {
            highlights.add(highlight(field, snippet));
          }
          if (field.equals("text") && best == null && !snippet.spans().isEmpty()) {
            best = snippet;
          }
        }
      }
    }
    return new FetchResponse.FetchedHit(
        document.id(),
        fetched.version().version(),
        fields(document, request.fields()),
        passage(document.text("text"), fetched, best),
        highlights,
        fetched.shardId().orElse(null),
        null);
  }

  private static SearchResponse.HighlightBody highlight(String field, Snippet snippet) {
    var spans = new ArrayList<int[]>(snippet.spans().size());
    for (Snippet.Span span : snippet.spans()) {
      spans.add(new int[] {span.start(), span.end()});
    }
    return new SearchResponse.HighlightBody(field, snippet.text(), spans);
  }

  /**
   * The passage that the vectors chose, else the snippet that the words chose, else how the text
   * starts.
   */
  private static SearchResponse.@Nullable PassageBody passage(
      String text, HitFetch.Fetched fetched, @Nullable Snippet best) {
    if (text.isEmpty()) {
      return null;
    }
    if (fetched.passage().isPresent()) {
      var stretch = fetched.passage().get();
      int start = Math.min(stretch.start(), text.length());
      int end = Math.min(stretch.end(), text.length());
      return cut(text, start, end);
    }
    return best == null
        ? cut(text, 0, text.length())
        : new SearchResponse.PassageBody(best.text(), best.start(), best.end());
  }

  private static SearchResponse.PassageBody cut(String text, int start, int end) {
    int last = Math.min(end, start + LONGEST_PASSAGE);
    if (last < end && Character.isLowSurrogate(text.charAt(last))) {
      last--;
    }
    return new SearchResponse.PassageBody(text.substring(start, last), start, last);
  }

  private static Map<String, Object> fields(Document document, @Nullable List<String> wanted) {
    var fields = new LinkedHashMap<String, Object>();
    var names = wanted == null ? List.of("title", "url", "attributes") : wanted;
    for (String name : names) {
      if (name.equals("url")) {
        putIfPresent(fields, name, document.url());
      } else if (name.equals("attributes")) {
        fields.put(name, document.attributes());
      } else if (name.equals("links")) {
        fields.put(name, links(document));
      } else if (document.fields().containsKey(name)) {
        putIfPresent(fields, name, document.fields().get(name));
      } else {
        putIfPresent(fields, name, document.attributes().get(name));
      }
    }
    return fields;
  }

  public static List<DocumentBody.LinkBody> links(Document document) {
    return document.links().stream()
        .map(link -> new DocumentBody.LinkBody(link.url(), link.text(), link.rel()))
        .toList();
  }

  private static void putIfPresent(
      Map<String, Object> fields, String name, @Nullable Object value) {
    if (value != null) {
      fields.put(name, value);
    }
  }
}

package io.mosaicdb.worker.search;

import io.mosaicdb.contract.worker.SuggestRequest;
import io.mosaicdb.contract.worker.SuggestResponse;
import io.mosaicdb.storage.partition.Partition;
import io.mosaicdb.storage.text.Suggestions;
import io.mosaicdb.storage.text.Suggestions.NearWord;
import io.mosaicdb.storage.text.Suggestions.TypedWord;
import io.mosaicdb.storage.text.TextSegment;
import io.mosaicdb.worker.namespace.Namespace;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.stereotype.Component;

/**
 * Brings together what the dictionaries of all segments, sealed and live, have. Reads files: for
 * platform threads.
 */
@Component
public final class WorkerSuggest {
  // Of words that are rare in each segment the sum may still be high: more are looked at.
  private static final int MARGIN = 3;

  public SuggestResponse suggest(Namespace namespace, SuggestRequest request) {
    var completions = new HashMap<String, Long>();
    var typed = new TreeMap<Integer, TypedWord>();
    int start = 0;
    int end = 0;
    for (var segment : segments(namespace, request)) {
      if (request.limit() > 0) {
        var found = Suggestions.complete(segment, request.text(), request.limit() * MARGIN);
        start = Math.max(start, found.start());
        end = Math.max(end, found.end());
        found.words().forEach(word -> completions.merge(word.word(), word.documents(), Long::sum));
      }
      for (var word : Suggestions.near(segment, request.text())) {
        typed.merge(word.start(), word, WorkerSuggest::sum);
      }
    }
    return new SuggestResponse(
        start,
        end,
        completions.entrySet().stream()
            .map(each -> new SuggestResponse.WordBody(each.getKey(), each.getValue()))
            .sorted(
                Comparator.comparingLong(SuggestResponse.WordBody::documents)
                    .reversed()
                    .thenComparing(SuggestResponse.WordBody::word))
            .limit(request.limit())
            .toList(),
        typed.values().stream().map(WorkerSuggest::body).toList());
  }

  private static List<TextSegment> segments(Namespace namespace, SuggestRequest request) {
    var partitions =
        request.partitions() == null
            ? namespace.partitions()
            : request.partitions().stream().map(namespace::partition).toList();
    var segments = new ArrayList<TextSegment>();
    for (Partition partition : partitions) {
      for (var view : partition.snapshot().segments()) {
        segments.add(view.segment().text());
      }
    }
    return segments;
  }

  private static TypedWord sum(TypedWord one, TypedWord other) {
    Map<String, NearWord> near = new TreeMap<>();
    for (var words : List.of(one.near(), other.near())) {
      for (var word : words) {
        near.merge(
            word.word(),
            word,
            (a, b) -> new NearWord(a.word(), a.documents() + b.documents(), a.edits()));
      }
    }
    return new TypedWord(
        one.start(), one.end(), one.documents() + other.documents(), List.copyOf(near.values()));
  }

  private static SuggestResponse.TypedWord body(TypedWord word) {
    return new SuggestResponse.TypedWord(
        word.start(),
        word.end(),
        word.documents(),
        word.near().stream()
            .map(each -> new SuggestResponse.NearWord(each.word(), each.documents(), each.edits()))
            .toList());
  }
}

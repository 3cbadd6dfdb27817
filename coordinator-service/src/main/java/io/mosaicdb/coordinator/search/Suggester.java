package io.mosaicdb.coordinator.search;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.search.SuggestionsBody;
import io.mosaicdb.contract.search.SuggestionsBody.SuggestionBody;
import io.mosaicdb.contract.worker.SuggestRequest;
import io.mosaicdb.contract.worker.SuggestResponse;
import io.mosaicdb.contract.worker.SuggestResponse.NearWord;
import io.mosaicdb.coordinator.fanout.FanOut;
import io.mosaicdb.coordinator.namespace.NamespaceCatalog;
import io.mosaicdb.coordinator.namespace.NamespaceDefinition;
import io.mosaicdb.coordinator.worker.Ownership;
import io.mosaicdb.coordinator.worker.WorkerTopology;
import io.mosaicdb.model.NamespaceName;
import io.mosaicdb.starter.request.RequestId;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Completes and corrects words by what the documents of all workers have. Thread-safe. */
final class Suggester {
  static final int STANDARD_LIMIT = 10;
  static final int MOST = 100;

  /** A search that finds fewer documents may have been mistyped. */
  private static final int FEW = 3;

  // A word that is there is taken to be mistyped only if one near it is much more frequent.
  private static final int MUCH_MORE_FREQUENT = 100;

  private final NamespaceCatalog catalog;
  private final WorkerTopology topology;
  private final FanOut fanOut;
  private final SearchProperties limits;

  Suggester(
      NamespaceCatalog catalog, WorkerTopology topology, FanOut fanOut, SearchProperties limits) {
    this.catalog = catalog;
    this.topology = topology;
    this.fanOut = fanOut;
    this.limits = limits;
  }

  /**
   * @param limit null: {@value #STANDARD_LIMIT}
   */
  SuggestionsBody suggest(NamespaceName namespace, @Nullable String q, @Nullable Integer limit) {
    if (q == null || q.isBlank()) {
      throw MosaicException.at(ErrorCode.EMPTY_QUERY, "q", "must have a word");
    }
    if (q.length() > limits.queryCharacters()) {
      throw MosaicException.at(
          ErrorCode.PAYLOAD_TOO_LARGE,
          "q",
          "may have " + limits.queryCharacters() + " characters, got " + q.length());
    }
    int most = limit == null ? STANDARD_LIMIT : limit;
    if (most < 1 || most > MOST) {
      throw MosaicException.invalidValue(
          "limit", "must be between 1 and " + MOST + ", got " + most);
    }
    var text = Normalizer.normalize(q, Normalizer.Form.NFC);
    var definition = catalog.load(namespace);
    var found = ask(definition, topology.ownersOf(definition.partitions()), text, most);
    return new SuggestionsBody(
        completions(text, found, most), corrected(text, found), RequestId.currentOrNew());
  }

  /** What the words of a search that found little are probably meant to be; null if unknown. */
  @Nullable String didYouMean(SearchQuery query, Retrieved retrieved) {
    var text = query.text();
    if (text == null || retrieved.ran() == SearchMode.SEMANTIC) {
      return null;
    }
    long found =
        retrieved.answers().stream().mapToLong(each -> each.response().total().value()).sum();
    if (found >= FEW) {
      return null;
    }
    var answering = retrieved.answers().stream().map(Scatter.Answer::worker).toList();
    try {
      var owners =
          topology.ownersOf(query.definition().partitions()).stream()
              .filter(owner -> answering.contains(owner.worker()))
              .toList();
      return corrected(text, ask(query.definition(), owners, text, 0));
    } catch (MosaicException _) {
      // The answer is complete without the hint.
      return null;
    }
  }

  private List<SuggestResponse> ask(
      NamespaceDefinition definition, List<Ownership> owners, String text, int limit) {
    var calls = new ArrayList<Callable<SuggestResponse>>();
    for (var owner : owners) {
      var request =
          new SuggestRequest(
              definition.partitions() == owner.partitions().size() ? null : owner.partitions(),
              text,
              limit);
      calls.add(() -> owner.worker().api().suggest(definition.name().value(), request));
    }
    return fanOut.all(calls);
  }

  private static List<SuggestionBody> completions(
      String text, List<SuggestResponse> found, int limit) {
    var documents = new TreeMap<String, Long>();
    int start = 0;
    int end = 0;
    for (var response : found) {
      start = Math.max(start, response.start());
      end = Math.max(end, response.end());
      response
          .completions()
          .forEach(each -> documents.merge(each.word(), each.documents(), Long::sum));
    }
    var before = text.substring(0, start);
    var after = text.substring(end);
    return documents.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()))
        .limit(limit)
        .map(each ->
            new SuggestionBody(before + each.getKey() + after, each.getKey(), each.getValue()))
        .toList();
  }

  /** A word of the text with what all workers know of it. */
  private static final class Typed {
    private final int end;
    private long documents;
    private final Map<String, NearWord> near = new HashMap<>();

    Typed(int end) {
      this.end = end;
    }

    void add(SuggestResponse.TypedWord word) {
      documents += word.documents();
      for (var each : word.near()) {
        near.merge(
            each.word(),
            each,
            (a, b) -> new NearWord(a.word(), a.documents() + b.documents(), a.edits()));
      }
    }

    /** The nearest of the words that are frequent enough, of equally near the most frequent. */
    @Nullable NearWord meant() {
      return near.values().stream()
          .filter(word ->
              documents == 0
                  || (word.edits() == 1 && word.documents() >= MUCH_MORE_FREQUENT * documents))
          .min(
              Comparator.comparingInt(NearWord::edits)
                  .thenComparing(Comparator.comparingLong(NearWord::documents).reversed())
                  .thenComparing(NearWord::word))
          .orElse(null);
    }
  }

  private static @Nullable String corrected(String text, List<SuggestResponse> found) {
    var byStart = new TreeMap<Integer, Typed>();
    for (var response : found) {
      for (var word : response.words()) {
        byStart.computeIfAbsent(word.start(), _ -> new Typed(word.end())).add(word);
      }
    }
    var corrected = new StringBuilder();
    int copied = 0;
    for (var entry : byStart.entrySet()) {
      var meant = entry.getValue().meant();
      if (meant != null && entry.getKey() >= copied) {
        corrected.append(text, copied, entry.getKey()).append(meant.word());
        copied = entry.getValue().end;
      }
    }
    return copied == 0 ? null : corrected.append(text.substring(copied)).toString();
  }
}

package io.mosaicdb.coordinator.alias;

import io.mosaicdb.contract.document.DocumentBody;
import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.search.SearchRequest;
import io.mosaicdb.contract.worker.ShardWorkerApi.ShardList;
import io.mosaicdb.coordinator.ingest.DocumentWriter;
import io.mosaicdb.coordinator.ingest.Write;
import io.mosaicdb.coordinator.ingest.WriteOptions;
import io.mosaicdb.coordinator.naming.AliasTable;
import io.mosaicdb.coordinator.search.Searcher;
import io.mosaicdb.coordinator.shards.StoredParts;
import io.mosaicdb.model.NamespaceName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api")
class AliasController {
  private static final NamespaceName DEFAULT = new NamespaceName("default");
  private final Searcher searcher;
  private final DocumentWriter writer;
  private final StoredParts parts;
  private final AliasTable aliases;

  record IndexRequest(
      @Nullable String id,
      @Nullable String text,
      @Nullable String title,
      @Nullable Map<String, @Nullable Object> metadata) {}

  /** {@code shardId} is null while the document is in the live segment, as a new one always is. */
  record IndexResponse(String id, String status, @Nullable String shardId) {}

  record AliasSearchRequest(
      @Nullable String query,
      @Nullable Integer limit,
      @Nullable Double minSimilarity,
      @Nullable String mode) {}

  /** {@code similarity} is null for a hit that was found by words alone. */
  record AliasHit(
      String id,
      @Nullable Object text,
      @Nullable Object metadata,
      @Nullable Double similarity,
      @Nullable Double pagerank,
      @Nullable String shardId) {}

  record AliasSearchResponse(List<AliasHit> results, boolean degraded) {}

  AliasController(Searcher searcher, DocumentWriter writer, StoredParts parts, AliasTable aliases) {
    this.searcher = searcher;
    this.writer = writer;
    this.parts = parts;
    this.aliases = aliases;
  }

  @PostMapping("/index")
  @ResponseStatus(HttpStatus.CREATED)
  IndexResponse index(@RequestBody IndexRequest request) {
    if (request.text() == null && request.title() == null) {
      throw MosaicException.invalidValue("/text", "must be given");
    }
    var document =
        new DocumentBody(
            request.id(),
            request.title(),
            request.text(),
            null,
            null,
            request.metadata(),
            null,
            null,
            null);
    var report = writer.writeOne(namespace(), Write.upsert(document, ""), WriteOptions.VISIBLE);
    var outcome = report.outcomes().getFirst();
    return new IndexResponse(outcome.id(), outcome.status(), null);
  }

  @PostMapping("/search")
  AliasSearchResponse search(@RequestBody AliasSearchRequest request) {
    if (request.query() == null || request.query().isBlank()) {
      throw MosaicException.at(ErrorCode.EMPTY_QUERY, "/query", "must have a word");
    }
    var search =
        SearchRequest.words(request.query())
            .mode(request.mode())
            .limit(request.limit())
            .fields(List.of("text", "attributes"))
            .build();
    var found =
        request.minSimilarity() == null
            ? searcher.search(namespace(), search)
            : searcher.searchSimilar(namespace(), search, request.minSimilarity());
    var results = new ArrayList<AliasHit>(found.hits().size());
    for (var hit : found.hits()) {
      var byVector = hit.scores().vector();
      results.add(
          new AliasHit(
              hit.id(),
              hit.fields().get("text"),
              hit.fields().get("attributes"),
              byVector == null ? null : byVector.raw(),
              hit.pagerank(),
              hit.shardId()));
    }
    boolean degraded = !found.coverage().full() || !found.coverage().degraded().isEmpty();
    return new AliasSearchResponse(results, degraded);
  }

  @GetMapping("/shards")
  ShardList shards() {
    return parts.shards(namespace());
  }

  /** One that an alias of that name leads to, where there is one. */
  private NamespaceName namespace() {
    return aliases.resolve(DEFAULT);
  }
}

package io.mosaicdb.stubs;

import io.mosaicdb.contract.document.DocumentBody;
import io.mosaicdb.contract.document.StoredDocument;
import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.namespace.AliasBody;
import io.mosaicdb.contract.namespace.AliasList;
import io.mosaicdb.contract.namespace.AliasRequest;
import io.mosaicdb.contract.namespace.EmbedderBody;
import io.mosaicdb.contract.namespace.NamespaceBody;
import io.mosaicdb.contract.namespace.NamespaceCreated;
import io.mosaicdb.contract.namespace.NamespaceList;
import io.mosaicdb.contract.namespace.NamespaceRequest;
import io.mosaicdb.contract.search.SearchResponse;
import io.mosaicdb.contract.worker.CandidatesRequest;
import io.mosaicdb.contract.worker.CandidatesResponse;
import io.mosaicdb.contract.worker.FetchRequest;
import io.mosaicdb.contract.worker.FetchResponse;
import io.mosaicdb.contract.worker.ShardWorkerApi;
import io.mosaicdb.contract.worker.SuggestRequest;
import io.mosaicdb.contract.worker.SuggestResponse;
import io.mosaicdb.contract.worker.WorkerSearchRequest;
import io.mosaicdb.contract.worker.WorkerSearchResponse;
import io.mosaicdb.contract.worker.WorkerSearchResponse.DocumentRef;
import io.mosaicdb.contract.worker.WorkerSearchResponse.LegHit;
import io.mosaicdb.contract.worker.WorkerSqlExtract;
import io.mosaicdb.contract.worker.WorkerSqlRequest;
import io.mosaicdb.contract.worker.WorkerSqlResponse;
import io.mosaicdb.model.document.CommitBatch;
import io.mosaicdb.model.document.Document;
import io.mosaicdb.model.document.Operation;
import io.mosaicdb.model.document.Vectors;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.dataformat.cbor.CBORMapper;

/** Keeps documents in a map. Words score by their number, vectors by their dot product. */
@RestController
public class FakeWorker implements ShardWorkerApi {
  private final Map<String, JobBody> jobs = new java.util.concurrent.ConcurrentHashMap<>();
  private final Map<String, FakeNamespace> namespaces = new ConcurrentHashMap<>();
  private final CBORMapper cbor = new CBORMapper();
  public volatile SuggestResponse suggestions = new SuggestResponse(0, 0, List.of(), List.of());
  public final AtomicInteger appends = new AtomicInteger();
  public final AtomicInteger searches = new AtomicInteger();

  /** Ranks of documents, in multiples of the average one. */
  public final Map<String, Double> ranks = new ConcurrentHashMap<>();

  /** Thrown by the next call, once. */
  public volatile @Nullable RuntimeException nextFailure;

  /** Thrown by every call. */
  public volatile @Nullable RuntimeException failure;

  private record Kept(Document document, long version, int ordinal) {}

  private static final class FakeNamespace {
    final UUID incarnation = UUID.randomUUID();
    NamespaceRequest definition;
    final TreeMap<String, Kept> documents = new TreeMap<>();
    final TreeMap<Integer, Long> commits = new TreeMap<>();
    final List<Kept> history = new ArrayList<>();

    FakeNamespace(NamespaceRequest definition) {
      this.definition = definition;
    }
  }

  @Override
  public NamespaceCreated create(String namespace, NamespaceRequest definition) {
    fail();
    var existing = namespaces.putIfAbsent(namespace, new FakeNamespace(definition));
    if (existing != null && !existing.definition.equals(definition)) {
      throw new MosaicException(ErrorCode.SCHEMA_CONFLICT, namespace + " has another schema");
    }
    return new NamespaceCreated(namespace, existing == null);
  }

  @Override
  public NamespaceList namespaces() {
    fail();
    return new NamespaceList(
        namespaces.entrySet().stream().map(e -> describe(e.getKey(), e.getValue())).toList());
  }

  private final Map<String, String> aliases = new ConcurrentHashMap<>();

  @Override
  public AliasList aliases() {
    fail();
    return new AliasList(
        aliases.entrySet().stream()
            .map(entry -> new AliasBody(entry.getKey(), entry.getValue(), null))
            .toList());
  }

  @Override
  public AliasBody putAlias(String alias, AliasRequest request) {
    fail();
    var target = String.valueOf(request.namespace());
    var _ = find(target);
    return new AliasBody(alias, target, aliases.put(alias, target));
  }

  @Override
  public void deleteAlias(String alias) {
    fail();
    if (aliases.remove(alias) == null) {
      throw new MosaicException(ErrorCode.ALIAS_NOT_FOUND, "there is no alias '" + alias + "'");
    }
  }

  @Override
  public NamespaceBody namespace(String namespace) {
    fail();
    return describe(namespace, find(namespace));
  }

  private static NamespaceBody describe(String name, FakeNamespace kept) {
    return new NamespaceBody(
        name,
        Objects.requireNonNull(kept.definition.schema()),
        Objects.requireNonNull(kept.definition.settings()),
        kept.documents.size(),
        kept.documents.size(),
        kept.documents.size(),
        0,
        Map.of("0", 1L),
        kept.documents.isEmpty() ? null : new EmbedderBody("letters", "1", FakeEmbedder.DIMENSIONS),
        0);
  }

  /** Every change works at once. */
  @Override
  public ChangePlan planChange(String namespace, NamespaceRequest change) {
    fail();
    var _ = find(namespace);
    return new ChangePlan(List.of(), false);
  }

  /** Keeps the settings that are given, and nothing else. */
  @Override
  public NamespaceRequest change(String namespace, NamespaceRequest change) {
    fail();
    var kept = find(namespace);
    kept.definition =
        new NamespaceRequest(
            kept.definition.schema(),
            change.settings() == null ? kept.definition.settings() : change.settings());
    return kept.definition;
  }

  @Override
  public void delete(String namespace) {
    fail();
    if (namespaces.remove(namespace) == null) {
      throw missing(namespace);
    }
  }

  @Override
  public synchronized NamespaceRequest.SchemaBody addAttributes(
      String namespace, Map<String, String> types) {
    fail();
    var kept = find(namespace);
    var schema = Objects.requireNonNull(kept.definition.schema());
    var attributes = new TreeMap<>(Objects.requireNonNull(schema.attributes()));
    types.forEach((name, type) ->
        attributes.putIfAbsent(name, new NamespaceRequest.AttributeBody(type, true)));
    var grown =
        new NamespaceRequest.SchemaBody(
            schema.fields(), attributes, schema.vector(), schema.inferAttributes());
    kept.definition = new NamespaceRequest(grown, kept.definition.settings());
    return grown;
  }

  @Override
  public CommitReceipt append(
      String namespace, int partition, byte[] batch, String wait, @Nullable String idempotencyKey) {
    fail();
    appends.incrementAndGet();
    var kept = find(namespace);
    CommitBatch commit = cbor.readValue(batch, CommitBatch.class);
    synchronized (kept) {
      long seq = kept.commits.merge(partition, 1L, Long::sum);
      var results = new ArrayList<OperationResult>();
      for (var operation : commit.operations()) {
        results.add(apply(kept, operation, seq));
      }
      return new CommitReceipt(seq, "commit-" + seq, false, results);
    }
  }

  private static OperationResult apply(FakeNamespace kept, Operation operation, long seq) {
    var before = kept.documents.get(operation.id());
    long version = before == null ? 0 : before.version();
    if (operation.version() != null && operation.version() != version) {
      return new OperationResult(operation.id(), "precondition_failed", null);
    }
    if (operation.upsert() == null) {
      kept.documents.remove(operation.id());
      return new OperationResult(operation.id(), before == null ? "not_found" : "deleted", seq);
    }
    var now = new Kept(operation.upsert(), seq, kept.history.size());
    kept.history.add(now);
    kept.documents.put(operation.id(), now);
    return new OperationResult(operation.id(), before == null ? "created" : "replaced", seq);
  }

  @Override
  public WorkerSearchResponse search(String namespace, WorkerSearchRequest request) {
    fail();
    searches.incrementAndGet();
    var kept = find(namespace);
    synchronized (kept) {
      var text = new ArrayList<LegHit>();
      var vector = new ArrayList<LegHit>();
      for (var document : kept.documents.values()) {
        if (document.document().id().equals(request.without())) {
          continue;
        }
        var ref = new DocumentRef(0, 0, document.ordinal());
        double words = request.text() == null ? 0 : words(document.document(), request.text());
        if (words > 0) {
          text.add(hit(document, words, ref, null));
        }
        if (request.vector() != null && !document.document().passages().isEmpty()) {
          double near = near(document.document(), Vectors.toFloats(request.vector()));
          if (request.minScore() == null || near >= request.minScore()) {
            vector.add(hit(document, near, ref, 0));
          }
        }
      }
      var best = Comparator.comparingDouble(LegHit::score).reversed().thenComparing(LegHit::id);
      text.sort(best);
      vector.sort(best);
      long total = request.text() == null ? kept.documents.size() : text.size();
      return new WorkerSearchResponse(
          "lease",
          text.stream().limit(request.candidates()).toList(),
          vector.stream().limit(request.candidates()).toList(),
          new SearchResponse.TotalBody(total, "eq"),
          null,
          null,
          Map.of("0", new SearchResponse.PartitionSnapshot(1, kept.commits.getOrDefault(0, 0L))),
          receipt(kept),
          new SearchResponse.ShardsBody(1, 1, 0, 0, 0, 0, List.of(), Map.of()),
          null,
          null,
          new WorkerSearchResponse.WorkerTimings(0, 0, 0),
          ranks.isEmpty()
              ? null
              : new WorkerSearchResponse.AuthorityBody(
                  ranks.size(), ranks.values().stream().mapToDouble(rank -> rank).max().orElse(0)));
    }
  }

  private LegHit hit(Kept kept, double score, DocumentRef ref, @Nullable Integer passage) {
    var id = kept.document().id();
    return new LegHit(id, score, ref, passage, null, null, ranks.get(id));
  }

  @Override
  public LinksResponse links(String namespace, int partition, LinksRequest request) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void addRanks(String namespace, int partition, String run, RanksBody ranks) {
    throw new UnsupportedOperationException();
  }

  @Override
  public AuthorityBody publishRanks(
      String namespace, int partition, String run, RanksDescription description) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void discardRanks(String namespace, int partition, String run) {
    throw new UnsupportedOperationException();
  }

  private static String receipt(FakeNamespace kept) {
    return kept.incarnation + " " + kept.definition.hashCode() + " " + kept.commits;
  }

  @Override
  public Unchanged unchanged(String namespace, Receipt receipt) {
    fail();
    var kept = find(namespace);
    synchronized (kept) {
      return new Unchanged(receipt.receipt().equals(receipt(kept)));
    }
  }

  private static double words(Document document, String query) {
    var all = String.join(" ", document.fields().values()).toLowerCase(Locale.ROOT);
    double score = 0;
    for (var word : query.toLowerCase(Locale.ROOT).split("\\s+", -1)) {
      for (var candidate : all.split("\\W+", -1)) {
        score += candidate.equals(word) ? 1 : 0;
      }
    }
    return score;
  }

  private static double near(Document document, float[] query) {
    float[] own = Vectors.toFloats(document.passages().getFirst().vector());
    double dot = 0;
    double lengths = 0;
    double asked = 0;
    for (int i = 0; i < own.length; i++) {
      dot += own[i] * query[i];
      lengths += own[i] * own[i];
      asked += query[i] * query[i];
    }
    return dot / Math.sqrt(lengths * asked);
  }

  @Override
  public FetchResponse fetch(String namespace, FetchRequest request) {
    fail();
    var kept = find(namespace);
    synchronized (kept) {
      var hits = new ArrayList<FetchResponse.FetchedHit>();
      for (var wanted : request.hits()) {
        var found = kept.history.get(wanted.ref().ordinal());
        var fields = new TreeMap<String, Object>(found.document().fields());
        fields.put("attributes", found.document().attributes());
        hits.add(
            new FetchResponse.FetchedHit(
                found.document().id(), found.version(), fields, null, List.of(), null, null));
      }
      return new FetchResponse(hits);
    }
  }

  @Override
  public CandidatesResponse candidates(String namespace, CandidatesRequest request) {
    fail();
    var kept = find(namespace);
    synchronized (kept) {
      return new CandidatesResponse(
          request.hits().stream()
              .map(wanted -> kept.history.get(wanted.ref().ordinal()).document())
              .map(document -> candidate(document, request))
              .toList());
    }
  }

  private static CandidatesResponse.CandidateBody candidate(
      Document document, CandidatesRequest request) {
    var moment = request.moment() == null ? null : document.attributes().get(request.moment());
    return new CandidatesResponse.CandidateBody(
        moment == null ? null : Instant.parse(moment.toString()).toEpochMilli(),
        request.vectors() && !document.passages().isEmpty()
            ? document.passages().getFirst().vector()
            : null);
  }

  @Override
  public SuggestResponse suggest(String namespace, SuggestRequest request) {
    fail();
    return suggestions;
  }

  @Override
  public List<StoredDocument> lookup(String namespace, LookupRequest request) {
    fail();
    var kept = find(namespace);
    synchronized (kept) {
      return request.ids().stream()
          .map(kept.documents::get)
          .filter(Objects::nonNull)
          .map(found -> stored(found, request.includeVectors()))
          .toList();
    }
  }

  @Override
  public ScanResponse scan(String namespace, int partition, ScanRequest request) {
    fail();
    var kept = find(namespace);
    synchronized (kept) {
      var after = request.after() == null ? "" : request.after();
      return new ScanResponse(
          kept.commits.getOrDefault(partition, 0L),
          kept.documents.tailMap(after, false).values().stream()
              .limit(request.limit())
              .map(found -> stored(found, request.includeVectors()))
              .toList());
    }
  }

  private static StoredDocument stored(Kept kept, boolean vectors) {
    var document = kept.document();
    return new StoredDocument(
        document.id(),
        document.fields().get("title"),
        document.fields().get("text"),
        Map.of(),
        document.url(),
        document.attributes(),
        document.links().stream()
            .map(link -> new DocumentBody.LinkBody(link.url(), link.text(), link.rel()))
            .toList(),
        document.passages().stream()
            .map(passage ->
                new StoredDocument.PassageBody(
                    passage.start(),
                    passage.end(),
                    vectors ? Vectors.toFloats(passage.vector()) : null))
            .toList(),
        kept.version(),
        null);
  }

  /** Understands {@code {"field", "op": "eq", "value"}} only. */
  @Override
  public List<MatchingDocument> matching(String namespace, Map<String, Object> filter) {
    fail();
    var kept = find(namespace);
    synchronized (kept) {
      return kept.documents.values().stream()
          .filter(found ->
              String.valueOf(found.document().attributes().get(String.valueOf(filter.get("field"))))
                  .equals(String.valueOf(filter.get("value"))))
          .map(found -> new MatchingDocument(found.document().id(), found.version()))
          .toList();
    }
  }

  @Override
  public void seal(String namespace) {
    fail();
    var _ = find(namespace);
  }

  /** Does at once what it is asked for, and says so when it is asked about it. */
  @Override
  public JobBody startJob(String namespace, JobRequest request) {
    fail();
    var _ = find(namespace);
    var job =
        new JobBody(
            "job-" + (jobs.size() + 1),
            request.kind(),
            "succeeded",
            1,
            1,
            "partitions",
            Map.of("merged", 3),
            null,
            null);
    jobs.put(job.id(), job);
    return job;
  }

  @Override
  public JobBody job(String namespace, String id) {
    fail();
    var job = jobs.get(id);
    if (job == null) {
      throw new MosaicException(ErrorCode.NOT_FOUND, "no job " + id);
    }
    return job;
  }

  @Override
  public JobBody cancelJob(String namespace, String id) {
    return job(namespace, id);
  }

  @Override
  public ShardBody archive(String namespace, String shard, boolean hidden) {
    fail();
    throw new MosaicException(ErrorCode.NOT_FOUND, "no shard " + shard);
  }

  @Override
  public BackupList backups(String target) {
    fail();
    return new BackupList(List.of());
  }

  @Override
  public ShardList shards(String namespace) {
    fail();
    var _ = find(namespace);
    return new ShardList(List.of(), List.of());
  }

  @Override
  public ShardRoutingBody routing(String namespace, int partition, String shard) {
    fail();
    throw new MosaicException(ErrorCode.NOT_FOUND, "there is no shard " + shard);
  }

  @Override
  public GenerationList resumeActivation(String namespace) {
    return generations(namespace);
  }

  @Override
  public GenerationList generations(String namespace) {
    fail();
    var _ = find(namespace);
    return new GenerationList(List.of(), List.of());
  }

  @Override
  public Map<String, Object> manifest(String namespace, int partition, long number) {
    fail();
    var _ = find(namespace);
    return Map.of("generation", number);
  }

  private FakeNamespace find(String namespace) {
    var found = namespaces.get(namespace);
    if (found == null) {
      throw missing(namespace);
    }
    return found;
  }

  private static MosaicException missing(String namespace) {
    return new MosaicException(
        ErrorCode.NAMESPACE_NOT_FOUND, "namespace '" + namespace + "' does not exist");
  }

  private void fail() {
    var once = nextFailure;
    nextFailure = null;
    if (once != null) {
      throw once;
    }
    var always = failure;
    if (always != null) {
      throw always;
    }
  }

  /** What was asked of {@link #sql} and {@link #extract}, in order. */
  public final List<WorkerSqlRequest> statements = Collections.synchronizedList(new ArrayList<>());

  /** Answers one row: how many extracts came along. */
  @Override
  public WorkerSqlResponse sql(String namespace, WorkerSqlRequest request) {
    fail();
    statements.add(request);
    int extracts = request.extracts() == null ? 0 : request.extracts().size();
    return new WorkerSqlResponse(
        List.of("extracts"), List.of(List.of(extracts)), false, sqlScope(request));
  }

  @Override
  public WorkerSqlExtract extract(String namespace, WorkerSqlRequest request) {
    fail();
    statements.add(request);
    return new WorkerSqlExtract(List.of(new byte[] {1}), sqlScope(request));
  }

  private static WorkerSqlResponse.SqlScope sqlScope(WorkerSqlRequest request) {
    var partitions = new TreeMap<String, SearchResponse.PartitionSnapshot>();
    for (int partition : Objects.requireNonNullElse(request.partitions(), List.of(0))) {
      partitions.put(String.valueOf(partition), new SearchResponse.PartitionSnapshot(1, 1));
    }
    return new WorkerSqlResponse.SqlScope(
        partitions,
        new SearchResponse.ShardsBody(2, 1, 1, 0, 0, 0, List.of(), Map.of()),
        List.of());
  }
}

package io.mosaicdb.worker.namespace;

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
import io.mosaicdb.contract.worker.CandidatesRequest;
import io.mosaicdb.contract.worker.CandidatesResponse;
import io.mosaicdb.contract.worker.FetchRequest;
import io.mosaicdb.contract.worker.FetchResponse;
import io.mosaicdb.contract.worker.ShardWorkerApi;
import io.mosaicdb.contract.worker.SuggestRequest;
import io.mosaicdb.contract.worker.SuggestResponse;
import io.mosaicdb.contract.worker.WorkerSearchRequest;
import io.mosaicdb.contract.worker.WorkerSearchResponse;
import io.mosaicdb.contract.worker.WorkerSqlExtract;
import io.mosaicdb.contract.worker.WorkerSqlRequest;
import io.mosaicdb.contract.worker.WorkerSqlResponse;
import io.mosaicdb.model.DocumentId;
import io.mosaicdb.model.HashSlots;
import io.mosaicdb.model.NamespaceName;
import io.mosaicdb.model.document.Vectors;
import io.mosaicdb.storage.document.DocumentVersion;
import io.mosaicdb.storage.generation.GenerationSummary;
import io.mosaicdb.storage.log.EntryTooLargeException;
import io.mosaicdb.storage.log.LogFailedException;
import io.mosaicdb.storage.log.LogOverloadedException;
import io.mosaicdb.storage.log.OperationConflictException;
import io.mosaicdb.storage.partition.CommitOutcome;
import io.mosaicdb.storage.partition.EmbedderMismatchException;
import io.mosaicdb.storage.partition.Partition;
import io.mosaicdb.storage.partition.PartitionReadOnlyException;
import io.mosaicdb.storage.partition.SealingBehindException;
import io.mosaicdb.storage.partition.ShardReaders;
import io.mosaicdb.storage.search.PartitionSnapshot.MissingShard;
import io.mosaicdb.storage.search.SnapshotScan;
import io.mosaicdb.worker.authority.WorkerAuthority;
import io.mosaicdb.worker.backup.BackupTargets;
import io.mosaicdb.worker.breaker.ShardBreakers;
import io.mosaicdb.worker.job.Jobs;
import io.mosaicdb.worker.metrics.NamespaceMeters;
import io.mosaicdb.worker.search.Snapshots;
import io.mosaicdb.worker.search.WorkerCandidates;
import io.mosaicdb.worker.search.WorkerFetch;
import io.mosaicdb.worker.search.WorkerSearch;
import io.mosaicdb.worker.search.WorkerSuggest;
import io.mosaicdb.worker.sql.WorkerSql;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * The worker's HTTP interface. Requests wait on their own (virtual) threads; what touches the disk
 * runs on others.
 */
@RestController
class ShardWorkerController implements ShardWorkerApi {
  private static final JsonMapper MANIFESTS = JsonMapper.builder().build();

  private final Namespaces namespaces;
  private final DiskThreads diskThreads;
  private final DiskThreads searchThreads;
  private final WorkerSearch search;
  private final WorkerFetch fetch;
  private final WorkerSql sql;
  private final WorkerCandidates candidates;
  private final Jobs jobs;
  private final WorkerSuggest suggest;
  private final BackupTargets backups;
  private final ShardReaders readers;
  private final WorkerAuthority authority;
  private final ShardBreakers breakers;
  private final NamespaceMeters meters;

  ShardWorkerController(
      Namespaces namespaces,
      DiskThreads diskThreads,
      DiskThreads searchThreads,
      WorkerSearch search,
      WorkerFetch fetch,
      WorkerSql sql,
      WorkerCandidates candidates,
      Jobs jobs,
      WorkerSuggest suggest,
      BackupTargets backups,
      ShardReaders readers,
      WorkerAuthority authority,
      ShardBreakers breakers,
      NamespaceMeters meters) {
    this.meters = meters;
    this.breakers = breakers;
    this.namespaces = namespaces;
    this.diskThreads = diskThreads;
    this.searchThreads = searchThreads;
    this.search = search;
    this.fetch = fetch;
    this.sql = sql;
    this.candidates = candidates;
    this.jobs = jobs;
    this.suggest = suggest;
    this.backups = backups;
    this.readers = readers;
    this.authority = authority;
  }

  @Override
  public NamespaceCreated create(String namespace, NamespaceRequest definition) {
    return diskThreads.call(
        () -> new NamespaceCreated(namespace, namespaces.create(name(namespace), definition)));
  }

  @Override
  public NamespaceList namespaces() {
    return diskThreads.call(() ->
        new NamespaceList(namespaces.all().stream().map(ShardWorkerController::describe).toList()));
  }

  @Override
  public AliasList aliases() {
    return new AliasList(
        new TreeMap<>(namespaces.aliases())
            .entrySet().stream()
                .map(entry -> new AliasBody(entry.getKey(), entry.getValue(), null))
                .toList());
  }

  @Override
  public AliasBody putAlias(String alias, AliasRequest request) {
    var target = name(String.valueOf(request.namespace()));
    return diskThreads.call(
        () -> new AliasBody(alias, target.value(), namespaces.putAlias(name(alias), target)));
  }

  @Override
  public void deleteAlias(String alias) {
    diskThreads.call(() -> {
      namespaces.deleteAlias(name(alias));
      return true;
    });
  }

  @Override
  public NamespaceBody namespace(String namespace) {
    return diskThreads.call(() -> describe(require(namespace)));
  }

  @Override
  public NamespaceRequest change(String namespace, NamespaceRequest change) {
    return diskThreads.call(() -> namespaces.change(name(namespace), change));
  }

  @Override
  public ChangePlan planChange(String namespace, NamespaceRequest change) {
    return namespaces.plan(name(namespace), change);
  }

  @Override
  public void delete(String namespace) {
    diskThreads.call(() -> {
      namespaces.delete(name(namespace));
      return true;
    });
  }

  @Override
  public NamespaceRequest.SchemaBody addAttributes(String namespace, Map<String, String> types) {
    return diskThreads.call(
        () -> Definitions.describe(require(namespace).add(Definitions.attributes(types))));
  }

  @Override
  public CommitReceipt append(
      String namespace, int partition, byte[] batch, String wait, @Nullable String idempotencyKey) {
    if (!wait.equals("durable") && !wait.equals("visible")) {
      throw MosaicException.invalidValue("/wait", "must be durable or visible, got '" + wait + "'");
    }
    var held = require(namespace).requireWritable();
    var target = held.partition(partition);
    try {
      var outcome = target.append(batch, idempotencyKey).join();
      if (!outcome.duplicate()) {
        count(held, outcome);
      }
      return receipt(outcome);
    } catch (CompletionException e) {
      throw refused(e.getCause() == null ? e : e.getCause());
    } catch (EmbedderMismatchException e) {
      throw new MosaicException(ErrorCode.SCHEMA_CONFLICT, String.valueOf(e.getMessage()), e);
    } catch (IllegalArgumentException e) {
      throw new MosaicException(ErrorCode.MALFORMED_REQUEST, String.valueOf(e.getMessage()), e);
    }
  }

  private void count(Namespace namespace, CommitOutcome commit) {
    int upserts = 0;
    int deletes = 0;
    for (var each : commit.outcomes()) {
      switch (each.status()) {
        case CREATED, REPLACED -> upserts++;
        case DELETED -> deletes++;
        case NOT_FOUND, PRECONDITION_FAILED -> {
          // Nothing has changed.
        }
      }
    }
    meters.wrote(namespace.name().value(), upserts, deletes);
  }

  private static RuntimeException refused(Throwable cause) {
    var message = String.valueOf(cause.getMessage());
    return switch (cause) {
      case LogOverloadedException _ -> overloaded(message, cause);
      case SealingBehindException _ -> overloaded(message, cause);
      case EntryTooLargeException _ ->
          new MosaicException(ErrorCode.PAYLOAD_TOO_LARGE, message, cause);
      case OperationConflictException _ ->
          new MosaicException(ErrorCode.IDEMPOTENCY_CONFLICT, message, cause);
      case LogFailedException _, PartitionReadOnlyException _ ->
          new MosaicException(ErrorCode.WORKER_UNAVAILABLE, message, cause);
      case RuntimeException other -> other;
      default -> new IllegalStateException(cause);
    };
  }

  private static MosaicException overloaded(String message, Throwable cause) {
    return new MosaicException(
        ErrorCode.OVERLOADED, message, List.of(), Duration.ofSeconds(1), cause);
  }

  private static CommitReceipt receipt(CommitOutcome outcome) {
    return new CommitReceipt(
        outcome.commitSeq(),
        outcome.commitId(),
        outcome.duplicate(),
        outcome.outcomes().stream()
            .map(each ->
                new OperationResult(
                    each.id(),
                    each.status().wireName(),
                    each.version() == 0 ? null : each.version()))
            .toList());
  }

  @Override
  public WorkerSearchResponse search(String namespace, WorkerSearchRequest request) {
    return search.search(require(namespace), request);
  }

  @Override
  public Unchanged unchanged(String namespace, Receipt receipt) {
    return new Unchanged(search.unchanged(require(namespace), receipt.receipt()));
  }

  @Override
  public FetchResponse fetch(String namespace, FetchRequest request) {
    return searchThreads.call(reading(() -> fetch.fetch(require(namespace), request)));
  }

  @Override
  public WorkerSqlResponse sql(String namespace, WorkerSqlRequest request) {
    try (var _ = readers.begin()) {
      return sql.answer(require(namespace), request);
    }
  }

  @Override
  public WorkerSqlExtract extract(String namespace, WorkerSqlRequest request) {
    try (var _ = readers.begin()) {
      return sql.extract(require(namespace), request);
    }
  }

  @Override
  public CandidatesResponse candidates(String namespace, CandidatesRequest request) {
    return searchThreads.call(reading(() -> candidates.read(require(namespace), request)));
  }

  @Override
  public SuggestResponse suggest(String namespace, SuggestRequest request) {
    return searchThreads.call(reading(() -> suggest.suggest(require(namespace), request)));
  }

  @Override
  public List<StoredDocument> lookup(String namespace, LookupRequest request) {
    var held = require(namespace);
    return diskThreads.call(
        reading(() -> {
          var found = new ArrayList<StoredDocument>();
          for (String id : request.ids()) {
            var partition = partitionOf(held, id);
            var snapshot = Snapshots.of(partition, request.asOf());
            var document = Partition.find(snapshot, id, request.includeVectors());
            if (document.isEmpty()) {
              partition.findMissing(id).ifPresent(ShardWorkerController::refuse);
            }
            document.ifPresent(each -> found.add(stored(each, request.includeVectors())));
          }
          return found;
        }));
  }

  @Override
  public ScanResponse scan(String namespace, int partition, ScanRequest request) {
    var held = require(namespace);
    var filter = WorkerSearch.filter(held.schema(), request.filter());
    return diskThreads.call(
        reading(() -> {
          var asOf =
              request.asOf() == null ? null : Map.of(Integer.toString(partition), request.asOf());
          var snapshot = Snapshots.of(held.partition(partition), asOf);
          snapshot.missing().forEach(ShardWorkerController::refuse);
          var documents =
              request.limit() == 0
                  ? List.<DocumentVersion>of()
                  : SnapshotScan.next(
                      snapshot, filter, request.after(), request.limit(), request.includeVectors());
          return new ScanResponse(
              snapshot.commitSeq(),
              documents.stream()
                  .map(version -> new Partition.FoundDocument(version, null))
                  .map(found -> stored(found, request.includeVectors()))
                  .toList());
        }));
  }

  private static void refuse(MissingShard missing) {
    throw new MosaicException(
        ErrorCode.PARTIAL_NOT_ALLOWED,
        "documents would be missing: shard " + missing.shardId() + " " + missing.reason());
  }

  @Override
  public LinksResponse links(String namespace, int partition, LinksRequest request) {
    var held = require(namespace).partition(partition);
    return diskThreads.call(reading(() -> authority.links(held, request)));
  }

  @Override
  public void addRanks(String namespace, int partition, String run, RanksBody ranks) {
    var held = require(namespace).partition(partition);
    diskThreads.call(() -> {
      authority.add(held, run, ranks);
      return true;
    });
  }

  @Override
  public AuthorityBody publishRanks(
      String namespace, int partition, String run, RanksDescription description) {
    var held = require(namespace).partition(partition);
    return diskThreads.call(() -> authority.publish(held, run, description));
  }

  @Override
  public void discardRanks(String namespace, int partition, String run) {
    var held = require(namespace).partition(partition);
    diskThreads.call(() -> {
      authority.discard(held, run);
      return true;
    });
  }

  private static Partition partitionOf(Namespace namespace, String id) {
    try {
      return namespace.partition(
          HashSlots.partitionOf(new DocumentId(id), namespace.partitions().size()));
    } catch (IllegalArgumentException e) {
      throw MosaicException.invalidValue("/id", String.valueOf(e.getMessage()));
    }
  }

  private static StoredDocument stored(Partition.FoundDocument found, boolean withVectors) {
    var document = found.version().document();
    var others = new TreeMap<>(document.fields());
    var title = others.remove("title");
    var text = others.remove("text");
    return new StoredDocument(
        document.id(),
        title,
        text,
        others.isEmpty() ? null : others,
        document.url(),
        document.attributes(),
        WorkerFetch.links(document),
        document.passages().stream()
            .map(passage ->
                new StoredDocument.PassageBody(
                    passage.start(),
                    passage.end(),
                    withVectors ? Vectors.toFloats(passage.vector()) : null))
            .toList(),
        found.version().version(),
        found.shardId());
  }

  @Override
  public List<MatchingDocument> matching(String namespace, Map<String, Object> filter) {
    var held = require(namespace);
    var condition = WorkerSearch.filter(held.schema(), new LinkedHashMap<>(filter));
    return diskThreads.call(
        reading(() -> {
          var found = new ArrayList<MatchingDocument>();
          for (Partition partition : held.partitions()) {
            var snapshot = partition.snapshot();
            // What is deleted by a filter must be all that it matches.
            snapshot.missing().forEach(ShardWorkerController::refuse);
            for (var view : snapshot.segments()) {
              var segment = view.segment();
              java.util.Objects.requireNonNull(condition);
              segment
                  .matching(condition)
                  .forEach(document -> {
                    if (view.isLive(document)) {
                      found.add(
                          new MatchingDocument(segment.id(document), segment.version(document)));
                    }
                  });
            }
          }
          found.sort(Comparator.comparing(MatchingDocument::id));
          return found;
        }));
  }

  @Override
  public void seal(String namespace) {
    var held = require(namespace);
    diskThreads.call(() -> {
      held.requireActivation();
      for (Partition partition : held.partitions()) {
        partition.seal();
      }
      return true;
    });
  }

  @Override
  public ShardList shards(String namespace) {
    var held = require(namespace);
    return diskThreads.call(() -> {
      var shards = new ArrayList<ShardBody>();
      for (Partition partition : held.partitions()) {
        for (Partition.ShardStatus each : partition.shards()) {
          shards.add(shard(held, partition, each));
        }
      }
      return new ShardList(
          shards, held.partitions().stream().map(ShardWorkerController::compaction).toList());
    });
  }

  private static CompactionBody compaction(Partition partition) {
    var status = partition.compaction();
    var last = status.last();
    return new CompactionBody(
        partition.number(),
        status.state(),
        status.done(),
        status.total(),
        status.runs(),
        status.merged(),
        status.dropped(),
        status.failures(),
        last == null ? null : last.startedAt().toString(),
        status.failure());
  }

  @Override
  public ShardBody archive(String namespace, String shard, boolean hidden) {
    var held = require(namespace);
    return diskThreads.call(() -> {
      held.requireActivation();
      for (Partition partition : held.partitions()) {
        if (!partition.archive(shard, hidden)) {
          continue;
        }
        for (Partition.ShardStatus each : partition.shards()) {
          if (each.descriptor().shardId().equals(shard)) {
            return shard(held, partition, each);
          }
        }
      }
      throw new MosaicException(
          ErrorCode.NOT_FOUND, "namespace '" + namespace + "' has no shard '" + shard + "'");
    });
  }

  @Override
  public JobBody startJob(String namespace, JobRequest request) {
    return jobs.start(name(namespace).value(), request.kind(), request.options());
  }

  @Override
  public JobBody job(String namespace, String id) {
    return jobs.find(namespace, id);
  }

  @Override
  public BackupList backups(String target) {
    return diskThreads.call(() -> new BackupList(backups.list(target)));
  }

  @Override
  public JobBody cancelJob(String namespace, String id) {
    return jobs.cancel(namespace, id);
  }

  private ShardBody shard(Namespace namespace, Partition partition, Partition.ShardStatus status) {
    var descriptor = status.descriptor();
    return new ShardBody(
        descriptor.shardId(),
        partition.number(),
        namespaces.dataFolder().relativize(status.file().toAbsolutePath().normalize()).toString(),
        descriptor.documents(),
        descriptor.passages(),
        status.deleted(),
        descriptor.bytes(),
        namespace.use().of(descriptor.shardId()).queries(),
        namespace.use().of(descriptor.shardId()).last().map(Instant::toString).orElse(null),
        status.problem().isEmpty()
            ? status.archived() ? "archived" : "active"
            : "damaged: " + status.problem(),
        breakers.state(namespace.name(), descriptor.shardId()),
        namespaces.isHot(status.file()),
        descriptor.fileChecksum(),
        partition.pragmas(descriptor.shardId()));
  }

  @Override
  public ShardRoutingBody routing(String namespace, int partition, String shard) {
    var routing =
        require(namespace)
            .partition(partition)
            .routing(shard)
            .orElseThrow(() ->
                new MosaicException(
                    ErrorCode.NOT_FOUND,
                    "partition "
                        + partition
                        + " of '"
                        + namespace
                        + "' has no shard '"
                        + shard
                        + "'"));
    return new ShardRoutingBody(
        routing.centroids().stream()
            .map(each ->
                new CentroidBody(Vectors.toBytes(each.vector()), each.norm(), each.passages()))
            .toList(),
        routing.termFilter());
  }

  @Override
  public GenerationList generations(String namespace) {
    var bodies = new ArrayList<GenerationBody>();
    for (Partition partition : require(namespace).partitions()) {
      var generations = partition.generations();
      for (GenerationSummary each : generations) {
        bodies.add(
            new GenerationBody(
                partition.number(),
                each.number(),
                each.number() == generations.getLast().number(),
                each.manifestId(),
                each.commits().first(),
                each.commits().last(),
                each.shardFiles().size(),
                each.createdAt().toString()));
      }
    }
    return new GenerationList(
        bodies,
        require(namespace).partitions().stream().map(ShardWorkerController::activation).toList());
  }

  private static ActivationBody activation(Partition partition) {
    var status = partition.activation();
    return new ActivationBody(
        partition.number(),
        status.refused(),
        status.lastRefusal(),
        status.refusedAt() == null ? null : status.refusedAt().toString(),
        status.suspended());
  }

  @Override
  public GenerationList resumeActivation(String namespace) {
    require(namespace).partitions().forEach(Partition::resumeActivation);
    return generations(namespace);
  }

  @Override
  public Map<String, Object> manifest(String namespace, int partition, long number) {
    var held = require(namespace).partition(partition);
    var manifest =
        diskThreads
            .call(() -> held.findGeneration(number))
            .orElseThrow(() ->
                new MosaicException(
                    ErrorCode.NOT_FOUND,
                    "partition "
                        + partition
                        + " of '"
                        + namespace
                        + "' retains no generation "
                        + number));
    return MANIFESTS.readValue(
        manifest.toJson(), new TypeReference<LinkedHashMap<String, Object>>() {});
  }

  /** The same by somebody for whom shards that leave meanwhile stay open. */
  private <T> Callable<T> reading(Callable<T> work) {
    return () -> {
      try (var _ = readers.begin()) {
        return work.call();
      }
    };
  }

  private Namespace require(String namespace) {
    return namespaces.require(name(namespace));
  }

  private static NamespaceName name(String namespace) {
    try {
      return new NamespaceName(namespace);
    } catch (IllegalArgumentException e) {
      throw MosaicException.invalidValue("/namespace", String.valueOf(e.getMessage()));
    }
  }

  private static NamespaceBody describe(Namespace namespace) {
    long documents = 0;
    long passages = 0;
    long unsealed = 0;
    int shards = 0;
    long bytes = 0;
    EmbedderBody embedder = null;
    var generation = new TreeMap<String, Long>();
    for (Partition partition : namespace.partitions()) {
      var status = partition.status();
      documents += status.documents();
      passages += status.passages();
      unsealed += status.unsealed();
      shards += status.shards();
      bytes += status.bytesOnDisk();
      generation.put(Integer.toString(partition.number()), status.generation());
      var model = status.embedder();
      if (model != null && !model.isEmpty()) {
        int space = model.indexOf(' ');
        embedder =
            new EmbedderBody(
                space < 0 ? model : model.substring(0, space),
                space < 0 ? "" : model.substring(space + 1),
                namespace.schema().vector().dimensions());
      }
    }
    return new NamespaceBody(
        namespace.name().value(),
        Definitions.describe(namespace.schema()),
        Definitions.describe(namespace.settings()),
        documents,
        passages,
        unsealed,
        shards,
        generation,
        embedder,
        bytes);
  }
}

package io.mosaicdb.contract.worker;

import io.mosaicdb.contract.document.StoredDocument;
import io.mosaicdb.contract.namespace.AliasBody;
import io.mosaicdb.contract.namespace.AliasList;
import io.mosaicdb.contract.namespace.AliasRequest;
import io.mosaicdb.contract.namespace.NamespaceBody;
import io.mosaicdb.contract.namespace.NamespaceCreated;
import io.mosaicdb.contract.namespace.NamespaceList;
import io.mosaicdb.contract.namespace.NamespaceRequest;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.DeleteExchange;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PatchExchange;
import org.springframework.web.service.annotation.PostExchange;
import org.springframework.web.service.annotation.PutExchange;

/**
 * A shard worker. Unknown namespaces are {@code namespace_not_found}; a partition that this worker
 * does not hold is {@code not_found}.
 */
@HttpExchange("/internal/v1/namespaces")
public interface ShardWorkerApi {
  /**
   * Creates the namespace: {@code definition} has every default filled in. A conflicting one is
   * {@code schema_conflict}.
   */
  @PutExchange("/{namespace}")
  NamespaceCreated create(@PathVariable String namespace, @RequestBody NamespaceRequest definition);

  @GetExchange
  NamespaceList namespaces();

  /** Second names of namespaces; no namespace has a colon in its name. */
  @GetExchange("/:aliases")
  AliasList aliases();

  /**
   * Lets the alias name a namespace, as one replaced file. {@code namespace_not_found}; {@code
   * namespace_exists} if a namespace has the alias's name.
   */
  @PutExchange("/:aliases/{alias}")
  AliasBody putAlias(@PathVariable String alias, @RequestBody AliasRequest request);

  /** {@code alias_not_found}. */
  @DeleteExchange("/:aliases/{alias}")
  void deleteAlias(@PathVariable String alias);

  @GetExchange("/{namespace}")
  NamespaceBody namespace(@PathVariable String namespace);

  /**
   * Changes what can be changed without a rebuild; the members that are given change. What cannot
   * is {@code schema_conflict}, and nothing is changed then. Returns the definition in force.
   */
  @PatchExchange("/{namespace}")
  NamespaceRequest change(@PathVariable String namespace, @RequestBody NamespaceRequest change);

  /** What {@link #change} would need; what is fixed is {@code schema_conflict}. */
  @PostExchange("/{namespace}/change-plan")
  ChangePlan planChange(@PathVariable String namespace, @RequestBody NamespaceRequest change);

  @DeleteExchange("/{namespace}")
  void delete(@PathVariable String namespace);

  /**
   * Adds attributes that were inferred (name to wire type), all filterable. One that exists keeps
   * its type. Returns the schema in force afterwards.
   */
  @PostExchange("/{namespace}/attributes")
  NamespaceRequest.SchemaBody addAttributes(
      @PathVariable String namespace, @RequestBody Map<String, String> types);

  /**
   * Appends one commit to the partition's log and answers when it is on disk and ({@code
   * wait=visible}) searchable.
   *
   * @param batch a {@link io.mosaicdb.model.document.CommitBatch} in CBOR
   * @param idempotencyKey a repeated key with the same bytes is applied once
   */
  @PostExchange(
      url = "/{namespace}/partitions/{partition}/commits",
      contentType = "application/cbor")
  CommitReceipt append(
      @PathVariable String namespace,
      @PathVariable int partition,
      @RequestBody byte[] batch,
      @RequestParam String wait,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String idempotencyKey);

  @PostExchange("/{namespace}/search")
  WorkerSearchResponse search(
      @PathVariable String namespace, @RequestBody WorkerSearchRequest request);

  /**
   * Whether the search that gave {@code receipt} would read the same now: the same commits, shards
   * and definition of the same namespace. If so it counts as another query of the shards that were
   * read. Cheap: nothing is searched and no file is touched.
   */
  @PostExchange("/{namespace}/unchanged")
  Unchanged unchanged(@PathVariable String namespace, @RequestBody Receipt receipt);

  @PostExchange("/{namespace}/fetch")
  FetchResponse fetch(@PathVariable String namespace, @RequestBody FetchRequest request);

  /** Answers a statement over partitions of this worker, and what others extracted for it. */
  @PostExchange("/{namespace}/sql")
  WorkerSqlResponse sql(@PathVariable String namespace, @RequestBody WorkerSqlRequest request);

  /** What the statement reads of partitions of this worker, for the worker that answers it. */
  @PostExchange("/{namespace}/sql/extract")
  WorkerSqlExtract extract(@PathVariable String namespace, @RequestBody WorkerSqlRequest request);

  /** What ranks candidates of a search again: moments and vectors. */
  @PostExchange("/{namespace}/candidates")
  CandidatesResponse candidates(
      @PathVariable String namespace, @RequestBody CandidatesRequest request);

  /** Words of the documents that {@code request}'s text may be going to be, or may mean. */
  @PostExchange("/{namespace}/suggest")
  SuggestResponse suggest(@PathVariable String namespace, @RequestBody SuggestRequest request);

  /** The documents that exist among {@code ids}, in their order. */
  @PostExchange("/{namespace}/documents/lookup")
  List<StoredDocument> lookup(@PathVariable String namespace, @RequestBody LookupRequest request);

  /**
   * The next documents of a snapshot in the order of their ids. A snapshot with a shard that cannot
   * be read is {@code partial_not_allowed}.
   */
  @PostExchange("/{namespace}/partitions/{partition}/scan")
  ScanResponse scan(
      @PathVariable String namespace,
      @PathVariable int partition,
      @RequestBody ScanRequest request);

  /**
   * Where the next documents of a snapshot link to, in the order of their ids. A snapshot with a
   * shard that cannot be read is {@code partial_not_allowed}.
   */
  @PostExchange("/{namespace}/partitions/{partition}/links")
  LinksResponse links(
      @PathVariable String namespace,
      @PathVariable int partition,
      @RequestBody LinksRequest request);

  /**
   * Adds ranks of documents to those that the partition keeps for {@code run} until they are
   * published. A document may be sent again.
   */
  @PostExchange("/{namespace}/partitions/{partition}/authority/{run}")
  void addRanks(
      @PathVariable String namespace,
      @PathVariable int partition,
      @PathVariable String run,
      @RequestBody RanksBody ranks);

  /**
   * Puts the ranks of {@code run} in force, in one step that no search notices; durable when it
   * answers. Published again it changes nothing. {@code invalid_value} if not all were sent.
   */
  @PostExchange("/{namespace}/partitions/{partition}/authority/{run}/publish")
  AuthorityBody publishRanks(
      @PathVariable String namespace,
      @PathVariable int partition,
      @PathVariable String run,
      @RequestBody RanksDescription description);

  /** Forgets ranks of {@code run} that were not published. */
  @DeleteExchange("/{namespace}/partitions/{partition}/authority/{run}")
  void discardRanks(
      @PathVariable String namespace, @PathVariable int partition, @PathVariable String run);

  /** The ids of all documents that match {@code filter}, with their versions, in id order. */
  @PostExchange("/{namespace}/documents/matching")
  List<MatchingDocument> matching(
      @PathVariable String namespace, @RequestBody Map<String, Object> filter);

  /** Seals the live segments now; returns when the new generations are active. */
  @PostExchange("/{namespace}/seal")
  void seal(@PathVariable String namespace);

  /**
   * Hides a shard's documents from readers ({@code hidden}) or shows them again. A shard that this
   * worker does not hold is {@code not_found}.
   */
  @PostExchange("/{namespace}/shards/{shard}/archived")
  ShardBody archive(
      @PathVariable String namespace, @PathVariable String shard, @RequestParam boolean hidden);

  /**
   * Begins long work and answers at once; it goes on by itself. A kind that does not exist, or an
   * option that it does not know, is {@code invalid_value}.
   */
  @PostExchange("/{namespace}/jobs")
  JobBody startJob(@PathVariable String namespace, @RequestBody JobRequest request);

  /**
   * A job that this process has begun; {@code not_found} for others, and some time after its end.
   */
  @GetExchange("/{namespace}/jobs/{id}")
  JobBody job(@PathVariable String namespace, @PathVariable String id);

  /** Asks a job to end at its next safe point. */
  @DeleteExchange("/{namespace}/jobs/{id}")
  JobBody cancelJob(@PathVariable String namespace, @PathVariable String id);

  /** The backups in the target of that name, the newest first. */
  @GetExchange("/{target}/backups")
  BackupList backups(@PathVariable String target);

  @GetExchange("/{namespace}/shards")
  ShardList shards(@PathVariable String namespace);

  /** What a router needs to know of a shard; one that is not active or unreadable is not found. */
  @GetExchange("/{namespace}/partitions/{partition}/shards/{shard}/routing")
  ShardRoutingBody routing(
      @PathVariable String namespace, @PathVariable int partition, @PathVariable String shard);

  /** Allows new generations again where too much was damaged. */
  @PostExchange("/{namespace}/generations/resume")
  GenerationList resumeActivation(@PathVariable String namespace);

  @GetExchange("/{namespace}/generations")
  GenerationList generations(@PathVariable String namespace);

  /** The manifest's own JSON. */
  @GetExchange("/{namespace}/partitions/{partition}/generations/{number}/manifest")
  Map<String, Object> manifest(
      @PathVariable String namespace, @PathVariable int partition, @PathVariable long number);

  /** {@code asOf}: the commit of each partition to look at; null: the newest. */
  record LookupRequest(
      List<String> ids, boolean includeVectors, @Nullable Map<String, Long> asOf) {}

  /** {@code receipt}: of a {@link WorkerSearchResponse}. */
  record Receipt(String receipt) {}

  record Unchanged(boolean unchanged) {}

  /**
   * @param rebuild pointers of what is built into every shard; empty: the change works at once
   * @param embeds whether the documents need vectors that they do not have
   */
  record ChangePlan(List<String> rebuild, boolean embeds) {}

  /**
   * @param asOf the commit to look at; null: the newest, which the answer names
   * @param after the last id that was read; null: none so far
   * @param limit documents, at most; 0 asks for the commit alone
   */
  record ScanRequest(
      @Nullable Long asOf,
      @Nullable String after,
      int limit,
      @Nullable Map<String, @Nullable Object> filter,
      boolean includeVectors) {}

  /** {@code documents}: fewer than asked for only at the end. */
  record ScanResponse(long commitSeq, List<StoredDocument> documents) {}

  /**
   * @param asOf the commit to look at; null: the newest, which the answer names
   * @param after the last id that was read; null: none so far
   * @param limit documents, at most; 0 asks for the commit alone
   */
  record LinksRequest(@Nullable Long asOf, @Nullable String after, int limit) {}

  /** {@code documents}: fewer than asked for only at the end. */
  record LinksResponse(long commitSeq, List<LinkingDocument> documents) {}

  record LinkingDocument(String id, @Nullable String url, List<LinkTarget> links) {}

  /** {@code rel}: the attribute's value; null where there is none. */
  record LinkTarget(String url, @Nullable String rel) {}

  /** A rank for each id. */
  record RanksBody(List<String> ids, double[] ranks) {}

  /**
   * @param level what has a rank of its own, a document or a host
   * @param nodes over which the run's ranks sum to 1, in all partitions together
   * @param documents of this partition that have a rank
   * @param computedAt RFC 3339
   */
  record RanksDescription(String level, long nodes, long documents, String computedAt) {}

  /** {@code version}: the number of the partition's file of ranks. */
  record AuthorityBody(int partition, long version, long documents) {}

  record MatchingDocument(String id, long version) {}

  /**
   * One result an operation, in order. {@code status} is a {@link
   * io.mosaicdb.model.document.WriteStatus}'s wire name.
   */
  record CommitReceipt(
      long commitSeq, String commitId, boolean duplicate, List<OperationResult> results) {}

  record OperationResult(String id, String status, @Nullable Long version) {}

  /** {@code compaction}: a partition each. */
  record ShardList(List<ShardBody> shards, List<CompactionBody> compaction) {}

  /**
   * The merging of a partition's shards, since the worker opened it.
   *
   * @param state idle or running
   * @param done documents of the running compaction that are written, of {@code total}
   * @param merged shards that were merged by {@code runs}
   * @param dropped superseded versions that went by them
   * @param lastRun RFC 3339, null if there was none
   * @param failure why the last attempt failed, null if it did not
   */
  record CompactionBody(
      int partition,
      String state,
      long done,
      long total,
      long runs,
      long merged,
      long dropped,
      long failures,
      @Nullable String lastRun,
      @Nullable String failure) {}

  record BackupList(List<BackupBody> backups) {}

  /**
   * @param partitions those that are complete
   * @param bytes of its files, many of which other backups share
   */
  record BackupBody(
      String id,
      String namespace,
      String createdAt,
      List<Integer> partitions,
      long documents,
      long bytes) {}

  /**
   * @param kind {@code compact}, {@code backup} or {@code restore}
   * @param options by name. {@code compact}: {@code scope}, small or all. {@code backup}: {@code
   *     target}, {@code id} and {@code partitions} with commas between. {@code restore}: {@code
   *     from}, {@code id} (none: the newest), {@code task} that asks for it, and which of how many
   *     workers this is: {@code worker}, {@code workers}
   */
  record JobRequest(String kind, Map<String, String> options) {}

  /**
   * @param state queued, running, succeeded, failed or canceled
   * @param total 0 while it is not known
   * @param result what came of it, once it succeeded
   * @param errorCode the wire name of an error code, once it failed
   */
  record JobBody(
      String id,
      String kind,
      String state,
      long done,
      long total,
      String unit,
      @Nullable Map<String, Object> result,
      @Nullable String errorCode,
      @Nullable String error) {}

  /**
   * {@code status}: active, archived, damaged. {@code breaker}: closed, open, half_open. {@code
   * path} is relative to the data folder. {@code hot}: one of the most searched, which are read
   * into memory at a start.
   */
  record ShardBody(
      String shardId,
      int partition,
      String path,
      long documents,
      long passages,
      long deleted,
      long bytes,
      long queries,
      @Nullable String lastQueried,
      String status,
      String breaker,
      boolean hot,
      String checksum,
      Map<String, String> pragmas) {}

  /** {@code termFilter}: a Bloom filter as the shard format describes it. */
  record ShardRoutingBody(List<CentroidBody> centroids, byte[] termFilter) {}

  /** {@code vector}: {@link io.mosaicdb.model.document.Vectors little-endian floats}. */
  record CentroidBody(byte[] vector, double norm, long passages) {}

  record GenerationList(List<GenerationBody> generations, List<ActivationBody> activation) {}

  /**
   * How it stands with new generations of a partition: how many were refused since the worker's
   * start and why the last one was, absent once one has been activated since; and why none is
   * activated until an operator resumes, absent if they are.
   */
  record ActivationBody(
      int partition,
      long refused,
      @Nullable String lastRefusal,
      @Nullable String refusedAt,
      @Nullable String suspended) {}

  record GenerationBody(
      int partition,
      long number,
      boolean active,
      String artifactManifestId,
      long firstCommitSeq,
      long lastCommitSeq,
      int shards,
      String createdAt) {}
}

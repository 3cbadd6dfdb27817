package io.mosaicdb.pagerank.run;

import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.worker.ShardWorkerApi.LinksRequest;
import io.mosaicdb.contract.worker.ShardWorkerApi.RanksBody;
import io.mosaicdb.contract.worker.ShardWorkerApi.RanksDescription;
import io.mosaicdb.pagerank.graph.LinkGraph;
import io.mosaicdb.pagerank.graph.LinkGraphWriter;
import io.mosaicdb.pagerank.link.Level;
import io.mosaicdb.pagerank.link.NodeTable;
import io.mosaicdb.pagerank.rank.Checkpoint;
import io.mosaicdb.pagerank.rank.Jumps;
import io.mosaicdb.pagerank.rank.PowerIteration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutorService;

/**
 * The phases of one run, each of which can be called again. Calls SQLite: for platform threads. Not
 * thread-safe.
 */
final class RankWork {
  private static final int MISSING_NAMED = 10;

  private final String id;
  private final RunRequest request;
  private final Path folder;
  private final Path earlier;
  private final Workers workers;
  private final PageRankProperties properties;
  private final InstantSource clock;
  private final ExecutorService pool;
  private final RunProgress progress;

  /**
   * @param folder the run's own
   * @param earlier where ranks are kept for the next run of the namespace and level
   */
  RankWork(
      String id,
      RunRequest request,
      Path folder,
      Path earlier,
      Workers workers,
      PageRankProperties properties,
      InstantSource clock,
      ExecutorService pool,
      RunProgress progress) {
    this.id = id;
    this.request = request;
    this.folder = folder;
    this.earlier = earlier;
    this.workers = workers;
    this.properties = properties;
    this.clock = clock;
    this.pool = pool;
    this.progress = progress;
  }

  /**
   * Reads every partition's links as of one commit each, going on where an earlier call stopped.
   */
  void collect() throws IOException {
    long start = enter(Phase.COLLECTING);
    Files.createDirectories(folder);
    int partitions = workers.partitionsOf(request.namespace());
    try (var nodes = NodeTable.open(nodesFile())) {
      long read = nodes.documents();
      for (int partition = 0; partition < partitions; partition++) {
        var stored = nodes.progress(partition);
        while (stored == null || !stored.done()) {
          progress.check();
          read += collectPage(nodes, partition, stored);
          progress.at(read, 0);
          stored = nodes.progress(partition);
        }
      }
      facts().collected(nodes.documents()).took(Phase.COLLECTING, since(start)).save(factsFile());
    }
  }

  private int collectPage(
      NodeTable nodes, int partition, NodeTable.@org.jspecify.annotations.Nullable Progress stored)
      throws IOException {
    var answer =
        workers
            .ownerOf(partition)
            .links(
                request.namespace(),
                partition,
                new LinksRequest(
                    stored == null ? null : stored.commitSeq(),
                    stored == null ? null : stored.after(),
                    properties.pageDocuments()));
    var documents = answer.documents();
    nodes.add(
        partition, answer.commitSeq(), documents, documents.size() < properties.pageDocuments());
    return documents.size();
  }

  /** Makes the graph of what was collected. */
  void build() throws IOException {
    long start = enter(Phase.BUILDING);
    progress.check();
    try (var nodes = NodeTable.open(nodesFile())) {
      int count = nodes.nodes(request.level());
      NodeTable.LinkCounts links;
      long edges;
      try (var writer =
          request.level() == Level.DOCUMENT
              ? LinkGraphWriter.ofLinks(graphFile(), count, LinkGraphWriter.STANDARD_RUN)
              : LinkGraphWriter.ofWeightedEdges(graphFile(), count, LinkGraphWriter.STANDARD_RUN)) {
        links = nodes.write(request.level(), writer);
        edges = writer.finish();
      }
      long dangling = 0;
      try (var graph = LinkGraph.open(graphFile())) {
        for (int node = 0; node < count; node++) {
          dangling += graph.outWeight(node) == 0 ? 1 : 0;
        }
      }
      progress.at(edges, edges);
      facts()
          .built(count, edges, dangling, links)
          .took(Phase.BUILDING, since(start))
          .save(factsFile());
    }
  }

  /** Iterates from the last checkpoint, else from earlier ranks, else from the same for all. */
  void iterate() throws IOException, InterruptedException {
    long start = enter(Phase.ITERATING);
    try (var nodes = NodeTable.open(nodesFile());
        var graph = LinkGraph.open(graphFile())) {
      var seeds = nodes.seeds(request.level(), request.seeds());
      requireSeeds(seeds);
      var jumps = request.seeds().isEmpty() ? Jumps.ANYWHERE : Jumps.to(seeds.weights());
      var checkpoint =
          Checkpoint.find(ranksFile())
              .filter(found -> found.ranks().length == graph.nodes())
              .orElse(null);
      boolean warm =
          checkpoint == null ? request.warm() && Files.exists(earlier) : facts().warmStart();
      facts()
          .begun(
              warm,
              seeds.found(),
              seeds.missing().subList(0, Math.min(MISSING_NAMED, seeds.missing().size())))
          .save(factsFile());
      var iteration =
          checkpoint != null
              ? new PowerIteration(
                  graph,
                  request.settings(),
                  jumps,
                  checkpoint.ranks(),
                  checkpoint.iterations(),
                  pool)
              : new PowerIteration(
                  graph,
                  request.settings(),
                  jumps,
                  warm ? nodes.start(request.level(), earlier) : null,
                  0,
                  pool);
      run(iteration);
      facts()
          .iterated(
              iteration.iterations(),
              iteration.residual(),
              iteration.converged() || graph.nodes() == 0)
          .took(Phase.ITERATING, since(start))
          .save(factsFile());
    }
  }

  private void requireSeeds(NodeTable.Seeds seeds) {
    if (!request.seeds().isEmpty() && seeds.found() == 0) {
      throw MosaicException.invalidValue(
          "/seeds",
          "must name a %s of the namespace, and none of %d does; the first is '%s'"
              .formatted(
                  request.level().wireName(), request.seeds().size(), seeds.missing().getFirst()));
    }
  }

  private void run(PowerIteration iteration) throws IOException, InterruptedException {
    long stored = System.nanoTime();
    long most = request.settings().maxIterations();
    while (!iteration.done()) {
      progress.check();
      iteration.iterate();
      progress.residual(iteration.residual());
      progress.at(iteration.iterations(), most);
      var age = Duration.ofNanos(System.nanoTime() - stored);
      if (age.compareTo(properties.checkpointInterval()) >= 0) {
        new Checkpoint(iteration.iterations(), iteration.ranks()).write(ranksFile());
        stored = System.nanoTime();
      }
    }
    new Checkpoint(iteration.iterations(), iteration.ranks()).write(ranksFile());
  }

  /** Sends each partition its ranks, and when all have theirs, puts them in force. */
  void publish() throws IOException, InterruptedException {
    long start = enter(Phase.PUBLISHING);
    try (var nodes = NodeTable.open(nodesFile())) {
      var ranks =
          Checkpoint.find(ranksFile())
              .orElseThrow(() -> new IOException("the ranks of run " + id + " are gone"))
              .ranks();
      var partitions = List.copyOf(nodes.partitions());
      var counts = new long[partitions.size()];
      long total = nodes.documents();
      long sent = 0;
      for (int i = 0; i < counts.length; i++) {
        counts[i] = send(nodes, partitions.get(i), ranks, sent, total);
        sent += counts[i];
      }
      progress.check();
      var computedAt = clock.instant().toString();
      for (int i = 0; i < counts.length; i++) {
        workers
            .ownerOf(partitions.get(i))
            .publishRanks(
                request.namespace(),
                partitions.get(i),
                id,
                new RanksDescription(
                    request.level().wireName(), ranks.length, counts[i], computedAt));
      }
      keep(nodes, ranks);
      facts().published(sent).took(Phase.PUBLISHING, since(start)).save(factsFile());
    }
  }

  private long send(NodeTable nodes, int partition, double[] ranks, long before, long total)
      throws IOException, InterruptedException {
    var worker = workers.ownerOf(partition);
    long[] sent = {before};
    return nodes.read(
        partition,
        request.level(),
        ranks,
        (ids, values) -> {
          progress.check();
          worker.addRanks(request.namespace(), partition, id, new RanksBody(ids, values));
          sent[0] += ids.size();
          progress.at(sent[0], total);
        });
  }

  private void keep(NodeTable nodes, double[] ranks) throws IOException {
    var draft = folder.resolve("kept.db");
    Files.deleteIfExists(draft);
    nodes.keep(request.level(), ranks, draft);
    Files.createDirectories(earlier.toAbsolutePath().getParent());
    Files.move(draft, earlier, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Lets the workers forget what was sent and not published; they need not be there. */
  void discard() throws IOException {
    if (!Files.exists(nodesFile())) {
      return;
    }
    try (var nodes = NodeTable.open(nodesFile())) {
      for (int partition : nodes.partitions()) {
        workers.ownerOf(partition).discardRanks(request.namespace(), partition, id);
      }
    }
  }

  Report report() throws IOException {
    try (var nodes = NodeTable.open(nodesFile())) {
      return facts().report(request, nodes.commits());
    }
  }

  private long enter(Phase phase) {
    progress.enter(phase);
    return System.nanoTime();
  }

  private static double since(long start) {
    return Math.round((System.nanoTime() - start) / 1_000.0) / 1_000.0;
  }

  private Facts facts() throws IOException {
    return Facts.load(factsFile());
  }

  private Path nodesFile() {
    return folder.resolve("nodes.db");
  }

  private Path graphFile() {
    return folder.resolve("graph");
  }

  private Path ranksFile() {
    return folder.resolve("ranks");
  }

  private Path factsFile() {
    return folder.resolve("facts.json");
  }
}

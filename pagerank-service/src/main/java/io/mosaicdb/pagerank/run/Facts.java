package io.mosaicdb.pagerank.run;

import io.mosaicdb.pagerank.link.NodeTable.LinkCounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the phases of a run found out, in a file that is replaced whole, so that the report of a run
 * that was interrupted knows the phases before.
 */
record Facts(
    long documents,
    long nodes,
    long edges,
    long dangling,
    @Nullable LinkCounts links,
    boolean warmStart,
    int seeds,
    List<String> missingSeeds,
    int iterations,
    @Nullable Double residual,
    boolean converged,
    long ranked,
    Map<String, Double> phasesMs) {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final Facts NONE =
      new Facts(0, 0, 0, 0, null, false, 0, List.of(), 0, null, false, 0, Map.of());

  static Facts load(Path file) throws IOException {
    return Files.exists(file) ? MAPPER.readValue(Files.readAllBytes(file), Facts.class) : NONE;
  }

  void save(Path file) throws IOException {
    var draft = file.resolveSibling(file.getFileName() + ".new");
    Files.write(draft, MAPPER.writeValueAsBytes(this));
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
  }

  Facts collected(long documentsRead) {
    return new Facts(
        documentsRead,
        nodes,
        edges,
        dangling,
        links,
        warmStart,
        seeds,
        missingSeeds,
        iterations,
        residual,
        converged,
        ranked,
        phasesMs);
  }

  Facts built(long nodeCount, long edgeCount, long danglingNodes, LinkCounts counts) {
    return new Facts(
        documents,
        nodeCount,
        edgeCount,
        danglingNodes,
        counts,
        warmStart,
        seeds,
        missingSeeds,
        iterations,
        residual,
        converged,
        ranked,
        phasesMs);
  }

  Facts begun(boolean warm, int seedsFound, List<String> seedsMissing) {
    return new Facts(
        documents,
        nodes,
        edges,
        dangling,
        links,
        warm,
        seedsFound,
        seedsMissing,
        iterations,
        residual,
        converged,
        ranked,
        phasesMs);
  }

  Facts iterated(int count, double last, boolean met) {
    return new Facts(
        documents,
        nodes,
        edges,
        dangling,
        links,
        warmStart,
        seeds,
        missingSeeds,
        count,
        Double.isFinite(last) ? last : null,
        met,
        ranked,
        phasesMs);
  }

  Facts published(long documentsRanked) {
    return new Facts(
        documents,
        nodes,
        edges,
        dangling,
        links,
        warmStart,
        seeds,
        missingSeeds,
        iterations,
        residual,
        converged,
        documentsRanked,
        phasesMs);
  }

  Facts took(Phase phase, double milliseconds) {
    var times = new HashMap<>(phasesMs);
    times.merge(phase.wireName(), milliseconds, Double::sum);
    return new Facts(
        documents,
        nodes,
        edges,
        dangling,
        links,
        warmStart,
        seeds,
        missingSeeds,
        iterations,
        residual,
        converged,
        ranked,
        times);
  }

  Report report(RunRequest request, Map<String, Long> commits) {
    var counts = links == null ? new LinkCounts(0, 0, 0, 0, 0) : links;
    return new Report(
        request.level().wireName(),
        documents,
        nodes,
        edges,
        dangling,
        counts.read(),
        new Report.Dropped(counts.unknown(), counts.self(), counts.nofollow(), counts.parallel()),
        warmStart,
        iterations,
        residual,
        converged,
        seeds,
        missingSeeds,
        ranked,
        new java.util.TreeMap<>(commits),
        new java.util.TreeMap<>(phasesMs));
  }
}

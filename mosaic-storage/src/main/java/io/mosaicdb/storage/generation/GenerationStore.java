package io.mosaicdb.storage.generation;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The generations of one partition on disk. Thread-safe; one store per partition folder at a time.
 *
 * <pre>
 * generations/&lt;n&gt;.json   manifests
 * generations/CURRENT    number and id of the active one
 * shards/                the files manifests refer to
 * quarantine/            what failed verification
 * </pre>
 */
public final class GenerationStore {
  private static final Logger logger = LoggerFactory.getLogger(GenerationStore.class);
  private static final Pattern MANIFEST = Pattern.compile("(\\d{1,18})\\.json");

  /** A shard file nobody refers to may be one that is about to be activated. */
  private static final Duration ORPHAN_AGE = Duration.ofHours(1);

  private final Path generations;
  private final Path shards;
  private final Path quarantine;
  private final DurableFiles files;
  private final Clock clock;
  private final Instant openedAt;
  private final VerifiedFiles verified = new VerifiedFiles();
  private final TreeMap<Long, GenerationSummary> retained = new TreeMap<>();
  private volatile @Nullable GenerationManifest current;
  private volatile StoreReport report = new StoreReport(List.of(), List.of());

  private GenerationStore(Path partition, DurableFiles files, Clock clock) {
    generations = partition.resolve("generations");
    shards = partition.resolve("shards");
    quarantine = partition.resolve("quarantine");
    this.files = files;
    this.clock = clock;
    openedAt = clock.instant();
  }

  /**
   * Opens a partition's generations, creating the folders, and verifies the active one completely.
   *
   * <p>An altered manifest goes to quarantine and the newest older valid one takes its place; a
   * missing or altered shard is reported, an altered file goes to quarantine. {@link #report()}
   * tells both.
   *
   * @throws IOException if the disk cannot be read or written
   */
  public static GenerationStore open(Path partition) throws IOException {
    return open(partition, Clock.systemUTC());
  }

  /** The same, with the clock that tells when a generation's time is over. */
  public static GenerationStore open(Path partition, Clock clock) throws IOException {
    return open(partition, DurableFiles.onDisk(), clock);
  }

  static GenerationStore open(Path partition, DurableFiles files, Clock clock) throws IOException {
    var store = new GenerationStore(partition, files, clock);
    Files.createDirectories(store.generations);
    Files.createDirectories(store.shards);
    store.removeDrafts();
    store.load();
    return store;
  }

  /**
   * Shards that were being written when the process died have hidden names, which no complete one
   * has; nobody writes while a store opens.
   */
  private void removeDrafts() throws IOException {
    try (var paths = Files.list(shards)) {
      for (var path : paths.toList()) {
        if (path.getFileName().toString().startsWith(".")) {
          files.delete(path);
        }
      }
    }
  }

  /** The active generation; empty before the first activation. */
  public Optional<GenerationManifest> findCurrent() {
    return Optional.ofNullable(current);
  }

  /**
   * A generation that is still retained, the active one included; older ones are read from disk.
   * Its shard files are not verified again.
   *
   * @throws IOException if the disk cannot be read
   * @throws InvalidManifestException if the manifest was altered since the store was opened
   */
  public synchronized Optional<GenerationManifest> findGeneration(long number) throws IOException {
    var active = current;
    if (active != null && active.number() == number) {
      return Optional.of(active);
    }
    if (!retained.containsKey(number)) {
      return Optional.empty();
    }
    return Optional.of(GenerationManifest.fromJson(readText(manifestFile(number))));
  }

  /** Every retained generation, oldest first, the active one last. */
  public synchronized List<GenerationSummary> generations() {
    return List.copyOf(retained.values());
  }

  /** What opening found wrong. */
  public StoreReport report() {
    return report;
  }

  /**
   * Why a shard's file is not what its descriptor says, empty if it is. A file whose size and time
   * are those of the last look is not read again.
   */
  public Optional<String> findProblem(ShardDescriptor shard) throws IOException {
    return verified.findProblem(shardFile(shard), shard);
  }

  /** Where a shard's file is or belongs. */
  public Path shardFile(ShardDescriptor shard) {
    return shards.resolve(shard.fileName());
  }

  public Path shardFolder() {
    return shards;
  }

  /**
   * Makes a generation the active one if everything it needs is there.
   *
   * @param runtimeEmbedder the embedder that answers queries, or null if there is none
   * @throws IOException if the disk fails; then {@link #findCurrent()} is whatever {@code CURRENT}
   *     names, the old generation or the new
   */
  public Activation activate(
      GenerationManifest manifest, @Nullable EmbedderIdentity runtimeEmbedder) throws IOException {
    return activate(manifest, runtimeEmbedder, false);
  }

  /**
   * As {@link #activate(GenerationManifest, EmbedderIdentity)}.
   *
   * @param anyEmbedder whether to activate although the embedder is another: an operator's
   *     decision, which is logged
   */
  public synchronized Activation activate(
      GenerationManifest manifest, @Nullable EmbedderIdentity runtimeEmbedder, boolean anyEmbedder)
      throws IOException {
    var reasons = new ArrayList<String>();
    checkSuccession(manifest, reasons);
    checkEmbedder(manifest, runtimeEmbedder, anyEmbedder, reasons);
    checkShards(manifest, reasons);
    if (!reasons.isEmpty()) {
      logger.warn("generation_refused number={} reasons={}", manifest.number(), reasons);
      return new Activation.Refused(reasons);
    }
    files.fsyncDirectory(shards);
    writeDurably(manifestFile(manifest.number()), manifest.toJson());
    try {
      pointTo(manifest);
    } catch (IOException e) {
      reloadCurrent(manifest);
      throw e;
    }
    retained.put(manifest.number(), GenerationSummary.of(manifest));
    current = manifest;
    logger.info(
        "generation_activated number={} id={} last_commit={} shards={}",
        manifest.number(),
        manifest.manifestId(),
        manifest.commits().last(),
        manifest.shards().size());
    return new Activation.Activated(manifest);
  }

  /**
   * What may go: generations that stopped being active more than {@code age} ago and are not
   * pinned, and the shard files only they refer to. The active generation always stays.
   *
   * @param pinned numbers of generations that somebody still reads
   */
  public synchronized Retention retain(Duration age, Collection<Long> pinned) throws IOException {
    var active = current;
    if (active == null) {
      return new Retention(List.of(), List.of());
    }
    Instant oldest = clock.instant().minus(age);
    var leaving = new TreeSet<Long>();
    for (long number : retained.headMap(active.number()).keySet()) {
      var successor = retained.higherEntry(number).getValue();
      if (successor.createdAt().isBefore(oldest) && !pinned.contains(number)) {
        leaving.add(number);
      }
    }
    var needed = new HashSet<String>();
    var onlyLeaving = new TreeSet<String>();
    retained.forEach((number, generation) ->
        (leaving.contains(number) ? onlyLeaving : needed).addAll(generation.shardFiles()));
    onlyLeaving.removeAll(needed);
    addOrphans(needed, onlyLeaving);
    return new Retention(List.copyOf(leaving), List.copyOf(onlyLeaving));
  }

  /**
   * Removes what {@link #retain} listed: manifests first, so that no manifest ever names a file
   * that was removed. Readers that hold a file open are not disturbed. Whatever has become active
   * or needed since is left alone.
   */
  public synchronized void drop(Retention retention) throws IOException {
    var active = current;
    boolean removed = false;
    for (long number : retention.generations()) {
      if (active != null && number < active.number() && retained.containsKey(number)) {
        files.delete(manifestFile(number));
        retained.remove(number);
        removed = true;
      }
    }
    if (removed) {
      files.fsyncDirectory(generations);
    }
    var needed = new HashSet<String>();
    retained.values().forEach(generation -> needed.addAll(generation.shardFiles()));
    for (var name : retention.shardFiles()) {
      if (!needed.contains(name)) {
        files.delete(shards.resolve(name));
        verified.forget(shards.resolve(name));
      }
    }
    files.fsyncDirectory(shards);
  }

  private void load() throws IOException {
    var problems = new ArrayList<String>();
    var pointed = readCurrent(problems);
    GenerationManifest newest = null;
    for (long number : manifestNumbers()) {
      // A higher number was written by an activation that never came to its end.
      if (pointed == null || number <= pointed.number()) {
        var manifest = loadManifest(number, pointed, problems);
        newest = manifest == null ? newest : manifest;
      }
    }
    current = newest;
    if (newest != null && (pointed == null || pointed.number() != newest.number())) {
      problems.add("generation " + newest.number() + " is the newest valid one and is served");
      pointTo(newest);
    }
    var damaged = new ArrayList<StoreReport.DamagedShard>();
    if (newest != null) {
      verifyShards(newest, damaged);
    }
    report = new StoreReport(problems, damaged);
    if (!report.clean()) {
      logger.warn("generations_opened_with_damage problems={} shards={}", problems, damaged);
    }
  }

  private record Pointer(long number, String manifestId) {}

  private @Nullable Pointer readCurrent(List<String> problems) throws IOException {
    var file = generations.resolve("CURRENT");
    if (!Files.exists(file)) {
      if (!manifestNumbers().isEmpty()) {
        problems.add("CURRENT is missing");
      }
      return null;
    }
    var words = readText(file).strip().split(" ", -1);
    if (words.length == 2 && words[0].matches("\\d{1,18}")) {
      return new Pointer(Long.parseLong(words[0]), words[1]);
    }
    problems.add("CURRENT is damaged");
    return null;
  }

  private @Nullable GenerationManifest loadManifest(
      long number, @Nullable Pointer pointed, List<String> problems) throws IOException {
    var file = manifestFile(number);
    try {
      var manifest = GenerationManifest.fromJson(readText(file));
      if (manifest.number() != number) {
        throw new InvalidManifestException("it calls itself " + manifest.number(), null);
      }
      if (pointed != null
          && pointed.number() == number
          && !pointed.manifestId().equals(manifest.manifestId())) {
        throw new InvalidManifestException(
            "CURRENT expects " + pointed.manifestId() + ", not " + manifest.manifestId(), null);
      }
      retained.put(number, GenerationSummary.of(manifest));
      return manifest;
    } catch (InvalidManifestException e) {
      problems.add("manifest " + number + " is set aside: " + e.getMessage());
      setAside(file, "generation-" + number + ".json");
      return null;
    }
  }

  private void verifyShards(GenerationManifest manifest, List<StoreReport.DamagedShard> damaged)
      throws IOException {
    for (var shard : manifest.shards()) {
      var file = shardFile(shard);
      Optional<String> problem;
      try {
        problem = verified.findProblem(file, shard);
      } catch (IOException e) {
        // It may become readable again where it is.
        damaged.add(
            new StoreReport.DamagedShard(
                shard, "file %s cannot be read: %s".formatted(shard.fileName(), e.getMessage())));
        continue;
      }
      if (problem.isPresent()) {
        damaged.add(new StoreReport.DamagedShard(shard, problem.get()));
        if (Files.exists(file)) {
          setAside(file, "shard-" + shard.fileName());
        }
      }
    }
  }

  private void checkSuccession(GenerationManifest manifest, List<String> reasons) {
    var active = current;
    long expected = active == null ? 1 : active.number() + 1;
    if (manifest.number() != expected) {
      reasons.add("the next generation is " + expected + ", not " + manifest.number());
    }
    var parent = active == null ? null : active.manifestId();
    if (!Objects.equals(manifest.parent(), parent)) {
      reasons.add("its parent is " + manifest.parent() + ", but " + parent + " is active");
    }
    if (active != null && manifest.partition() != active.partition()) {
      reasons.add(
          "it belongs to partition " + manifest.partition() + ", not " + active.partition());
    }
    if (active != null && manifest.commits().last() < active.commits().last()) {
      reasons.add(
          "it ends at commit %d, the active generation at %d"
              .formatted(manifest.commits().last(), active.commits().last()));
    }
  }

  private static void checkEmbedder(
      GenerationManifest manifest,
      @Nullable EmbedderIdentity runtime,
      boolean anyEmbedder,
      List<String> reasons) {
    if (manifest.embedder() == null || manifest.embedder().equals(runtime)) {
      return;
    }
    var reason = "its vectors are of %s, queries of %s".formatted(manifest.embedder(), runtime);
    if (anyEmbedder) {
      logger.warn("embedder_check_overridden generation={} reason={}", manifest.number(), reason);
    } else {
      reasons.add(reason);
    }
  }

  private void checkShards(GenerationManifest manifest, List<String> reasons) throws IOException {
    for (var shard : manifest.shards()) {
      var file = shardFile(shard);
      boolean seenBefore = verified.isKnown(file);
      var problem = verified.findProblem(file, shard);
      if (problem.isPresent()) {
        reasons.add("shard " + shard.shardId() + ": " + problem.get());
      } else if (!seenBefore) {
        files.fsync(file);
      }
    }
  }

  private void pointTo(GenerationManifest manifest) throws IOException {
    writeDurably(
        generations.resolve("CURRENT"), manifest.number() + " " + manifest.manifestId() + "\n");
  }

  private void writeDurably(Path file, String content) throws IOException {
    var draft = file.resolveSibling(file.getFileName() + ".new");
    files.write(draft, content.getBytes(StandardCharsets.UTF_8));
    files.fsync(draft);
    files.rename(draft, file);
    files.fsyncDirectory(generations);
  }

  /** After a failure in the middle of the switch the disk decides which generation is active. */
  private void reloadCurrent(GenerationManifest wanted) throws IOException {
    var pointed = readCurrent(new ArrayList<>());
    if (pointed != null && pointed.manifestId().equals(wanted.manifestId())) {
      retained.put(wanted.number(), GenerationSummary.of(wanted));
      current = wanted;
    }
  }

  private void addOrphans(Set<String> needed, Set<String> leaving) throws IOException {
    Instant limit = clock.instant().minus(ORPHAN_AGE);
    try (var paths = Files.list(shards)) {
      for (var path : paths.filter(Files::isRegularFile).toList()) {
        var name = path.getFileName().toString();
        var modified = Files.getLastModifiedTime(path).toInstant();
        if (!needed.contains(name) && modified.isBefore(limit) && modified.isBefore(openedAt)) {
          leaving.add(name);
        }
      }
    }
  }

  private SortedSet<Long> manifestNumbers() throws IOException {
    var numbers = new TreeSet<Long>();
    try (var paths = Files.list(generations)) {
      paths.forEach(path -> {
        var matcher = MANIFEST.matcher(path.getFileName().toString());
        if (matcher.matches()) {
          numbers.add(Long.parseLong(matcher.group(1)));
        }
      });
    }
    return numbers;
  }

  /** A damaged file must still be readable: malformed bytes become replacement characters. */
  private static String readText(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }

  private Path manifestFile(long number) {
    return generations.resolve(number + ".json");
  }

  private void setAside(Path file, String name) throws IOException {
    Files.createDirectories(quarantine);
    var aside = quarantine.resolve(name);
    for (int i = 1; Files.exists(aside); i++) {
      aside = quarantine.resolve(name + "." + i);
    }
    files.rename(file, aside);
    files.fsyncDirectory(quarantine);
  }
}

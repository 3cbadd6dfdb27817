package io.mosaicdb.storage.generation;

import io.mosaicdb.storage.hash.ContentHash;
import io.mosaicdb.storage.hash.Pace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
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
  private final Map<Path, String> stamps = new HashMap<>();
  private volatile @Nullable String loss;
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
   * <p>An altered manifest goes to quarantine. If it was the active one the newest older valid one
   * is served in its place, {@link #findLoss()} says so at every opening, and nothing is activated
   * or removed until it is put back or {@link #acceptLoss()} is called. A damaged {@code CURRENT}
   * is made anew for the newest valid manifest. A missing or altered shard is reported, an altered
   * file goes to quarantine. {@link #report()} tells all of it.
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
   * What was being written when the process died: shards under hidden names, which no complete one
   * has, and drafts of manifests. Nobody writes while a store opens.
   */
  private void removeDrafts() throws IOException {
    try (var paths = Files.list(shards)) {
      for (var path : paths.toList()) {
        if (path.getFileName().toString().startsWith(".")) {
          files.delete(path);
        }
      }
    }
    try (var paths = Files.list(generations)) {
      for (var path : paths.toList()) {
        if (path.getFileName().toString().endsWith(".new")) {
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

  /** Why what is served is not the generation that was active; empty if it is. */
  public Optional<String> findLoss() {
    return Optional.ofNullable(loss);
  }

  /** Goes on from the generation that is served: the one that was active is given up. */
  public synchronized void acceptLoss() throws IOException {
    if (loss == null) {
      return;
    }
    var active = current;
    if (active == null) {
      files.delete(generations.resolve("CURRENT"));
      files.fsyncDirectory(generations);
    } else {
      pointTo(active);
    }
    logger.warn("generation_loss_accepted loss=\"{}\"", loss);
    loss = null;
  }

  /**
   * Writes the active manifest and {@code CURRENT} again where they are not what was written: they
   * are in memory, and the next opening needs them.
   *
   * @return what was written again
   */
  public synchronized List<String> rewrite() throws IOException {
    var active = current;
    var again = new ArrayList<String>();
    if (active == null || loss != null) {
      return again;
    }
    rewrite(
        manifestFile(active.number()),
        text -> idOf(text).equals(active.manifestId()),
        active.toJson(),
        again);
    rewrite(
        generations.resolve("CURRENT"),
        text -> text.equals(pointer(active)),
        pointer(active),
        again);
    return again;
  }

  private static String idOf(String manifest) {
    try {
      return GenerationManifest.fromJson(manifest).manifestId();
    } catch (InvalidManifestException e) {
      return "";
    }
  }

  private void rewrite(Path file, Predicate<String> whole, String content, List<String> again)
      throws IOException {
    var stamp = stamp(file);
    if (stamp != null && stamp.equals(stamps.get(file))) {
      return;
    }
    if (findText(file).filter(whole).isEmpty()) {
      if (Files.isDirectory(file)) {
        setAside(file, file.getFileName().toString());
      }
      writeDurably(file, content);
      again.add(file.getFileName() + " was missing or altered and is written again");
      logger.warn("generation_file_rewritten file={}", file);
    }
    stamps.put(file, String.valueOf(stamp(file)));
  }

  private static @Nullable String stamp(Path file) throws IOException {
    try {
      var attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return attributes.size() + " " + attributes.lastModifiedTime() + " " + attributes.fileKey();
    } catch (NoSuchFileException e) {
      return null;
    }
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
    return findProblem(shard, Pace.UNBOUNDED);
  }

  /** The same, read no faster than {@code pace} allows. */
  public Optional<String> findProblem(ShardDescriptor shard, Pace pace) throws IOException {
    return verified.findProblem(shardFile(shard), shard, pace);
  }

  /**
   * The same, and the file is read whether or not it seems unchanged: a disk that forgets changes
   * no time.
   */
  public Optional<String> verify(ShardDescriptor shard, Pace pace) throws IOException {
    verified.forget(shardFile(shard));
    return findProblem(shard, pace);
  }

  /** Where a shard's file is or belongs. */
  public Path shardFile(ShardDescriptor shard) {
    return shards.resolve(shard.fileName());
  }

  public Path shardFolder() {
    return shards;
  }

  /**
   * Makes a generation the active one if everything that is new in it is there. A shard that the
   * active generation has as well is no news: where its file is damaged, it is damaged in either
   * generation.
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
    if (loss != null) {
      reasons.add(loss);
    }
    checkSuccession(manifest, reasons);
    checkEmbedder(manifest, runtimeEmbedder, anyEmbedder, reasons);
    var damaged = checkShards(manifest, reasons);
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
        "generation_activated number={} id={} last_commit={} shards={} damaged={}",
        manifest.number(),
        manifest.manifestId(),
        manifest.commits().last(),
        manifest.shards().size(),
        damaged);
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
    if (active == null || loss != null) {
      // Files that nobody names may be those of the generation that is lost.
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
    if (pointed != null && (newest == null || pointed.number() != newest.number())) {
      loss =
          "generation %d, the active one, cannot be read; %s"
              .formatted(
                  pointed.number(),
                  newest == null
                      ? "there is no older one"
                      : "generation " + newest.number() + " is served");
      problems.add(loss);
    } else if (newest != null && pointed == null) {
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
    var words = findText(file).orElse("").strip().split(" ", -1);
    // Written by earlier builds: without a sum.
    boolean whole =
        (words.length == 2 && words[1].matches("[a-z2-7]{52}"))
            || (words.length == 3 && words[2].equals(sumOf(words[0] + " " + words[1])));
    if (whole && words[0].matches("\\d{1,18}")) {
      return new Pointer(Long.parseLong(words[0]), words[1]);
    }
    problems.add("CURRENT is damaged");
    if (Files.isDirectory(file)) {
      setAside(file, "CURRENT");
    }
    return null;
  }

  /** What stands in {@code CURRENT} while that generation is the active one. */
  public static String pointer(GenerationManifest manifest) {
    var words = manifest.number() + " " + manifest.manifestId();
    return words + " " + sumOf(words) + "\n";
  }

  private static String sumOf(String words) {
    return ContentHash.base32OfBytes(words.getBytes(StandardCharsets.UTF_8)).substring(0, 8);
  }

  /** The text of a file; nothing if it is not there or cannot be read. */
  private static Optional<String> findText(Path file) {
    try {
      return Optional.of(readText(file));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private @Nullable GenerationManifest loadManifest(
      long number, @Nullable Pointer pointed, List<String> problems) throws IOException {
    var file = manifestFile(number);
    try {
      var text = findText(file);
      if (text.isEmpty()) {
        throw new InvalidManifestException("it cannot be read", null);
      }
      var manifest = GenerationManifest.fromJson(text.get());
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

  /**
   * Collects what is wrong with shards that are new.
   *
   * @return the damaged ones among those that the active generation has as well
   */
  private List<String> checkShards(GenerationManifest manifest, List<String> reasons)
      throws IOException {
    var active = current;
    var carried = active == null ? Set.<ShardDescriptor>of() : Set.copyOf(active.shards());
    var damaged = new ArrayList<String>();
    for (var shard : manifest.shards()) {
      var file = shardFile(shard);
      boolean seenBefore = verified.isKnown(file);
      var problem = findProblemOrFailure(shard);
      if (problem.isPresent() && carried.contains(shard)) {
        damaged.add(shard.shardId());
      } else if (problem.isPresent()) {
        reasons.add("shard " + shard.shardId() + ": " + problem.get());
      } else if (!seenBefore) {
        files.fsync(file);
      }
    }
    return damaged;
  }

  private Optional<String> findProblemOrFailure(ShardDescriptor shard) {
    try {
      return verified.findProblem(shardFile(shard), shard);
    } catch (IOException e) {
      return Optional.of("file %s cannot be read: %s".formatted(shard.fileName(), e.getMessage()));
    }
  }

  private void pointTo(GenerationManifest manifest) throws IOException {
    writeDurably(generations.resolve("CURRENT"), pointer(manifest));
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

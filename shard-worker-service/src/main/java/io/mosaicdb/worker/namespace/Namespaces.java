package io.mosaicdb.worker.namespace;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.namespace.NamespaceRequest;
import io.mosaicdb.contract.worker.ShardWorkerApi.ChangePlan;
import io.mosaicdb.model.InvalidInputException;
import io.mosaicdb.model.NamespaceName;
import io.mosaicdb.model.schema.NamespaceSettings;
import io.mosaicdb.model.schema.Schema;
import io.mosaicdb.storage.generation.DurableFiles;
import io.mosaicdb.storage.partition.Partition;
import io.mosaicdb.storage.partition.PartitionSettings;
import io.mosaicdb.storage.shard.ShardSchema;
import io.mosaicdb.storage.text.TextAnalysis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All namespaces of a data folder. Thread-safe. Methods read and write the disk: they are for
 * platform threads.
 */
public final class Namespaces implements AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(Namespaces.class);
  private static final String LEAVING = ".deleting-";
  private static final String COMING = ".restoring-";
  private static final int MENDED_KEPT = 20;
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  private final Path dataFolder;
  private final Function<NamespaceSettings, PartitionSettings> partitionSettings;
  private final Partition.Resources resources;
  private final Aliases aliases;
  private final HotShards hot;
  private final Deque<String> mended = new ConcurrentLinkedDeque<>();
  private long lastRetry;
  private final Map<NamespaceName, Namespace> open = new ConcurrentSkipListMap<>();
  private final Map<NamespaceName, String> unreadable = new ConcurrentSkipListMap<>();

  /**
   * Opens every namespace in {@code dataFolder}, which is created if missing. One that cannot be
   * opened is reported and does not keep the others from serving.
   *
   * @param hotShards how many of the most searched shards {@link #preload} reads
   * @throws IOException if the folder cannot be read or written
   */
  public Namespaces(
      Path dataFolder,
      Function<NamespaceSettings, PartitionSettings> partitionSettings,
      Partition.Resources resources,
      int hotShards)
      throws IOException {
    this.hot = new HotShards(hotShards);
    this.dataFolder = dataFolder.toAbsolutePath().normalize();
    this.partitionSettings = partitionSettings;
    this.resources = resources;
    Files.createDirectories(this.dataFolder);
    if (!Files.isWritable(this.dataFolder)) {
      throw new IOException("data folder " + this.dataFolder + " is not writable");
    }
    this.aliases = new Aliases(this.dataFolder, this::note);
    for (Path folder : folders()) {
      var name = String.valueOf(folder.getFileName());
      if (name.startsWith(LEAVING) || name.startsWith(COMING)) {
        deleteRecursively(folder);
      } else if (isNamespace(folder)) {
        open(new NamespaceName(name), folder);
      }
    }
  }

  /**
   * A folder with a definition, or with partitions: a namespace comes to its place whole, so one
   * without a definition has lost it.
   */
  private static boolean isNamespace(Path folder) throws IOException {
    if (!NamespaceName.isValid(String.valueOf(folder.getFileName()))) {
      return false;
    }
    if (GuardedFile.exists(folder, NamespaceFile.NAME)) {
      return true;
    }
    try (var paths = Files.list(folder)) {
      return paths.anyMatch(
          path -> Files.isDirectory(path) && path.getFileName().toString().matches("\\d{1,4}"));
    }
  }

  private void note(String text) {
    mended.addLast(text);
    while (mended.size() > MENDED_KEPT) {
      mended.pollFirst();
    }
  }

  /** What was damaged and is mended, lately. */
  List<String> mended() {
    return List.copyOf(mended);
  }

  /** Why the aliases cannot be read, null if they can. */
  @Nullable String aliasDamage() {
    return aliases.damage();
  }

  private List<Path> folders() throws IOException {
    try (var paths = Files.list(dataFolder)) {
      return paths.filter(Files::isDirectory).sorted().toList();
    }
  }

  private void open(NamespaceName name, Path folder) {
    try {
      new SwitchJournal(folder, this::note).finish(resources.clock());
      var file = new NamespaceFile(folder, this::note);
      var definition = file.read();
      open.put(
          name,
          namespace(name, file, Definitions.schema(definition), Definitions.settings(definition)));
      if (unreadable.remove(name) != null) {
        note("namespace " + name + " can be opened again");
      }
    } catch (IOException | RuntimeException e) {
      var reason = String.valueOf(e.getMessage());
      if (!reason.equals(unreadable.put(name, reason))) {
        logger.error("namespace_unreadable namespace={} folder={}", name, folder, e);
      }
    }
  }

  /** Tries again what could not be opened. */
  private synchronized void retryUnreadable() {
    long now = System.nanoTime();
    if (unreadable.isEmpty() || now - lastRetry < RETRY_AFTER.toNanos()) {
      return;
    }
    lastRetry = now;
    for (NamespaceName name : unreadable.keySet()) {
      open(name, dataFolder.resolve(name.value()));
    }
  }

  /** Opens a namespace anew: files were put back that are read at the opening only. */
  private synchronized void reopen(Namespace namespace) {
    if (!namespace.claimForReopening() || !open.remove(namespace.name(), namespace)) {
      return;
    }
    logger.warn("namespace_reopened namespace={}", namespace.name());
    namespace.close();
    open(namespace.name(), namespace.folder());
  }

  private Namespace namespace(
      NamespaceName name, NamespaceFile file, Schema schema, NamespaceSettings settings)
      throws IOException {
    return new Namespace(
        name, file, schema, settings, current -> partitions(file.folder(), current, settings));
  }

  private List<Partition> partitions(
      Path folder, Supplier<Schema> schema, NamespaceSettings settings) throws IOException {
    var opened = new ArrayList<Partition>();
    try {
      for (int number = 0; number < settings.partitions(); number++) {
        var partition = folder.resolve(Integer.toString(number));
        // One that is gone altogether has lost what it held; it is no new one.
        Partition.claim(partition);
        opened.add(
            Partition.open(
                number, partition, schema, partitionSettings.apply(settings), resources));
      }
      return opened;
    } catch (IOException | RuntimeException e) {
      opened.forEach(Partition::close);
      throw e;
    }
  }

  /** Creates a namespace; true if it was not there, false if it was with the same definition. */
  public synchronized boolean create(NamespaceName name, NamespaceRequest definition) {
    var schema = Definitions.schema(definition);
    var settings = Definitions.settings(definition);
    requireKnownLanguages(schema);
    var known = open.get(name);
    if (known != null) {
      requireSame(name, known, schema, settings);
      return false;
    }
    requireReadable(name);
    var target = aliases.find(name);
    if (target != null) {
      throw new MosaicException(
          ErrorCode.NAMESPACE_EXISTS, "'" + name + "' is an alias of namespace '" + target + "'");
    }
    var folder = dataFolder.resolve(name.value());
    if (Files.exists(folder)) {
      throw new MosaicException(
          ErrorCode.WORKER_UNAVAILABLE,
          "the folder '%s' lies where namespace '%s' would be made: move it away, or start again to open it"
              .formatted(folder, name));
    }
    try {
      adopt(
          name,
          coming -> {
            new NamespaceFile(coming, this::note).write(schema, settings);
            for (int number = 0; number < settings.partitions(); number++) {
              Partition.create(coming.resolve(Integer.toString(number)));
            }
          });
      logger.info("namespace_created namespace={} partitions={}", name, settings.partitions());
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes a namespace into a folder: its definition and its partitions. */
  @FunctionalInterface
  public interface Filling {
    void into(Path folder) throws IOException;
  }

  /**
   * Serves a namespace that {@code filling} writes. It is written beside the others and takes its
   * place in one step when it is whole: a crash before leaves nothing of it.
   *
   * @throws MosaicException {@code namespace_exists} if there is one of that name
   * @throws IOException if it cannot be written or opened; then nothing of it is left
   */
  public void adopt(NamespaceName name, Filling filling) throws IOException {
    requireFree(name);
    var coming = dataFolder.resolve(COMING + name + "-" + UUID.randomUUID());
    try {
      Files.createDirectories(coming);
      filling.into(coming);
      place(name, coming);
    } finally {
      if (Files.exists(coming)) {
        deleteRecursively(coming);
      }
    }
  }

  private synchronized void place(NamespaceName name, Path coming) throws IOException {
    requireFree(name);
    // Read before it is moved: a definition that this build does not understand must not stay.
    var definition = new NamespaceFile(coming, this::note).read();
    requireKnownLanguages(Definitions.schema(definition));
    var folder = dataFolder.resolve(name.value());
    Files.move(coming, folder, StandardCopyOption.ATOMIC_MOVE);
    DurableFiles.onDisk().fsyncDirectory(dataFolder);
    open(name, folder);
    if (!open.containsKey(name)) {
      throw new IOException(
          "namespace '%s' was restored and cannot be opened: %s"
              .formatted(name, unreadable.get(name)));
    }
    logger.info("namespace_adopted namespace={}", name);
  }

  private void requireFree(NamespaceName name) {
    if (open.containsKey(name) || unreadable.containsKey(name)) {
      throw new MosaicException(
          ErrorCode.NAMESPACE_EXISTS,
          "namespace '" + name + "' exists; delete it, or restore under another name");
    }
    if (aliases.find(name) != null) {
      throw new MosaicException(
          ErrorCode.NAMESPACE_EXISTS, "'" + name + "' is an alias; restore under another name");
    }
  }

  static void requireKnownLanguages(Schema schema) {
    schema
        .fields()
        .forEach((name, field) -> {
          if (!TextAnalysis.languages().contains(field.language())) {
            throw MosaicException.at(
                ErrorCode.UNKNOWN_LANGUAGE,
                "/schema/fields" + InvalidInputException.token(name) + "/language",
                "must be one of "
                    + String.join(", ", TextAnalysis.languages())
                    + ", got '"
                    + field.language()
                    + "'");
          }
        });
    try {
      ShardSchema.indexedFields(schema);
    } catch (IllegalArgumentException e) {
      throw MosaicException.invalidValue("/schema/fields", String.valueOf(e.getMessage()));
    }
  }

  private static void requireSame(
      NamespaceName name, Namespace known, Schema schema, NamespaceSettings settings) {
    var differences = new ArrayList<String>();
    if (!known.schema().fields().equals(schema.fields())) {
      differences.add("fields");
    }
    if (!known.schema().vector().equals(schema.vector())) {
      differences.add("vector");
    }
    // Attributes that were inferred since do not make a definition another one.
    boolean sameAttributes =
        known.schema().inferAttributes()
            ? known.schema().attributes().entrySet().containsAll(schema.attributes().entrySet())
            : known.schema().attributes().equals(schema.attributes());
    if (!sameAttributes || known.schema().inferAttributes() != schema.inferAttributes()) {
      differences.add("attributes");
    }
    if (!known.settings().equals(settings)) {
      differences.add("settings");
    }
    if (!differences.isEmpty()) {
      throw new MosaicException(
          ErrorCode.SCHEMA_CONFLICT,
          "namespace '"
              + name
              + "' exists with other "
              + String.join(", ", differences)
              + "; GET it to see them");
    }
  }

  private void requireReadable(NamespaceName name) {
    var reason = unreadable.get(name);
    if (reason != null) {
      throw new MosaicException(
          ErrorCode.WORKER_UNAVAILABLE, "namespace '" + name + "' cannot be opened: " + reason);
    }
  }

  /** The namespace; one that does not exist is {@code namespace_not_found}. */
  public Namespace require(NamespaceName name) {
    var namespace = open.get(name);
    if (namespace == null) {
      requireReadable(name);
      throw new MosaicException(
          ErrorCode.NAMESPACE_NOT_FOUND, "namespace '" + name + "' does not exist");
    }
    return namespace;
  }

  public List<Namespace> all() {
    return List.copyOf(open.values());
  }

  /** Namespaces that are on disk and could not be opened, with the reason. */
  public Map<NamespaceName, String> unreadable() {
    return Map.copyOf(unreadable);
  }

  /** Changes what needs no rebuild, all of it or nothing; the definition in force. */
  public NamespaceRequest change(NamespaceName name, NamespaceRequest change) {
    var namespace = require(name);
    try {
      namespace.change(change, partitionSettings);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    logger.info("namespace_changed namespace={}", name);
    return Definitions.describe(namespace.schema(), namespace.settings());
  }

  /**
   * What a change would need.
   *
   * @throws MosaicException {@code schema_conflict} for what is fixed, or while the namespace is
   *     being rebuilt and the change needs a rebuild as well
   */
  public ChangePlan plan(NamespaceName name, NamespaceRequest change) {
    var namespace = require(name);
    var planned = namespace.plan(change);
    if (!planned.rebuilt().isEmpty() && namespace.isRebuilding()) {
      throw MosaicException.at(
          ErrorCode.SCHEMA_CONFLICT,
          planned.rebuilt().getFirst(),
          "needs a rebuild, and the namespace is being rebuilt; wait for the task, or cancel it");
    }
    if (!planned.rebuilt().isEmpty()) {
      namespace.requireActivation();
    }
    return new ChangePlan(planned.rebuilt(), planned.embeds());
  }

  /** Begins a rebuild; see {@link NamespaceRebuild}. */
  public NamespaceRebuild rebuild(NamespaceName name, NamespaceRequest change) {
    return new NamespaceRebuild(require(name), change, partitionSettings);
  }

  /** Deletes the namespace and its files. */
  public synchronized void delete(NamespaceName name) {
    var target = aliases.find(name);
    if (target != null) {
      throw new MosaicException(
          ErrorCode.NAMESPACE_IN_USE,
          "'%s' is an alias of namespace '%s'; delete it under /v1/aliases"
              .formatted(name, target));
    }
    var namespace = open.get(name);
    if (namespace == null && !unreadable.containsKey(name)) {
      namespace = require(name);
    }
    if (namespace != null && namespace.isRebuilding()) {
      throw new MosaicException(
          ErrorCode.NAMESPACE_IN_USE,
          "namespace '" + name + "' is being rebuilt; cancel the task first");
    }
    var names = aliases.of(name);
    if (!names.isEmpty()) {
      throw new MosaicException(
          ErrorCode.NAMESPACE_IN_USE,
          "namespace '%s' has the aliases %s; delete them or let them name another first"
              .formatted(name, String.join(", ", names)));
    }
    open.remove(name);
    unreadable.remove(name);
    if (namespace != null) {
      namespace.close();
    }
    try {
      // Renamed first: a half-deleted folder is never mistaken for a namespace after a crash.
      var leaving = dataFolder.resolve(LEAVING + name + "-" + UUID.randomUUID());
      Files.move(dataFolder.resolve(name.value()), leaving);
      deleteRecursively(leaving);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    logger.info("namespace_deleted namespace={}", name);
  }

  /** Alias to namespace. */
  public Map<String, String> aliases() {
    return aliases.all();
  }

  /**
   * Lets the alias name a namespace, which must exist; no namespace may have the alias's name.
   *
   * @return what it named before, null: nothing
   */
  public synchronized @Nullable String putAlias(NamespaceName alias, NamespaceName namespace) {
    if (open.containsKey(alias) || unreadable.containsKey(alias)) {
      throw new MosaicException(
          ErrorCode.NAMESPACE_EXISTS,
          "'" + alias + "' is a namespace, so no alias may have its name");
    }
    var _ = require(namespace);
    try {
      var previous = aliases.put(alias, namespace);
      logger.info("alias_put alias={} namespace={} previous={}", alias, namespace, previous);
      return previous;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Deletes the alias and nothing else. */
  public synchronized void deleteAlias(NamespaceName alias) {
    try {
      if (!aliases.remove(alias)) {
        throw new MosaicException(
            ErrorCode.ALIAS_NOT_FOUND, "there is no alias '" + alias.value() + "'");
      }
      logger.info("alias_deleted alias={}", alias);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Looks after every partition; a failure of one is logged and does not stop the others. */
  public void maintain() {
    for (Namespace namespace : open.values()) {
      boolean reopening = false;
      for (Partition partition : namespace.partitions()) {
        try {
          partition.maintain();
          reopening |= partition.wantsReopening();
        } catch (IOException | RuntimeException e) {
          logger.error("maintenance_failed namespace={}", namespace.name(), e);
        }
      }
      namespace.saveUse();
      mend(namespace);
      if (reopening) {
        reopen(namespace);
      }
    }
    retryUnreadable();
    preload();
  }

  private void mend(Namespace namespace) {
    try {
      namespace.mend();
      synchronized (this) {
        aliases.mend();
      }
    } catch (IOException e) {
      logger.error("definition_not_mended namespace={}", namespace.name(), e);
    }
  }

  /** Reads the shards that are searched most into memory, those that are not there yet. */
  public void preload() {
    hot.refresh(all());
  }

  /** Whether the shard of that file is one of those searched most. */
  boolean isHot(Path file) {
    return hot.isHot(file);
  }

  /**
   * Archives the shards of which no document was read for {@code idle}; a failure of one partition
   * is logged and does not stop the others.
   */
  public void archiveIdle(Duration idle) {
    for (Namespace namespace : open.values()) {
      for (Partition partition : namespace.partitions()) {
        try {
          for (String shard : partition.archiveIdle(idle)) {
            logger.info(
                "shard_archived namespace={} shard={} idle={}", namespace.name(), shard, idle);
          }
        } catch (IOException | RuntimeException e) {
          logger.error("archiving_failed namespace={}", namespace.name(), e);
        }
      }
    }
  }

  public Path dataFolder() {
    return dataFolder;
  }

  private static void deleteRecursively(Path folder) throws IOException {
    try (var paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }

  @Override
  public synchronized void close() {
    open.values().forEach(Namespace::close);
    open.clear();
  }
}

package io.mosaicdb.worker.namespace;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.model.NamespaceName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Second names of namespaces, in {@code aliases.json} of the data folder: an object of alias to
 * namespace. The file is replaced as a whole, so a crash leaves the old names or the new. Callers
 * take turns; {@link #all} may be called at any time.
 */
final class Aliases {
  static final int MOST = 1_000;
  private static final String NAME = "aliases.json";
  private static final Logger logger = LoggerFactory.getLogger(Aliases.class);
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(tools.jackson.databind.SerializationFeature.INDENT_OUTPUT)
          .build();

  private final GuardedFile file;
  private volatile Map<String, String> targets = Map.of();
  private volatile @Nullable String damage;

  /** Names that cannot be read are reported by every call, and overwritten by none. */
  Aliases(Path folder, Consumer<String> mended) {
    this.file = new GuardedFile(folder, NAME, mended);
    try {
      var content = file.read();
      if (content.isPresent()) {
        targets =
            Map.copyOf(
                MAPPER.readValue(content.get(), new TypeReference<TreeMap<String, String>>() {}));
      }
    } catch (IOException | JacksonException | NullPointerException e) {
      damage = file.file() + " is damaged: " + e.getMessage();
      logger.error("aliases_unreadable file={}", file.file(), e);
    }
  }

  /** Why the names cannot be read, null if they can. */
  @Nullable String damage() {
    return damage;
  }

  /** Writes again what is missing or altered. */
  void mend() throws IOException {
    if (damage == null) {
      file.mend();
    }
  }

  /** Alias to namespace. */
  Map<String, String> all() {
    var reason = damage;
    if (reason != null) {
      throw new MosaicException(ErrorCode.WORKER_UNAVAILABLE, reason);
    }
    return targets;
  }

  /** What the alias names; null: it is none. */
  @Nullable String find(NamespaceName alias) {
    return targets.get(alias.value());
  }

  /** The aliases of a namespace, by name. */
  List<String> of(NamespaceName namespace) {
    return targets.entrySet().stream()
        .filter(entry -> entry.getValue().equals(namespace.value()))
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  /** On disk when it returns; what the alias named before, null: nothing. */
  @Nullable String put(NamespaceName alias, NamespaceName namespace) throws IOException {
    var changed = new TreeMap<>(all());
    var previous = changed.put(alias.value(), namespace.value());
    if (changed.size() > MOST) {
      throw MosaicException.invalidValue("alias", "there may be " + MOST + " aliases, not more");
    }
    if (!namespace.value().equals(previous)) {
      replace(changed);
    }
    return previous;
  }

  /** Whether it was there. */
  boolean remove(NamespaceName alias) throws IOException {
    var changed = new TreeMap<>(all());
    if (changed.remove(alias.value()) == null) {
      return false;
    }
    replace(changed);
    return true;
  }

  private void replace(Map<String, String> changed) throws IOException {
    file.write(MAPPER.writeValueAsBytes(changed));
    targets = Map.copyOf(changed);
  }
}

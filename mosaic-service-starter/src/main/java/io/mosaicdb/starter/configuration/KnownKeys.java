package io.mosaicdb.starter.configuration;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The {@code mosaic.*} keys that the code on the class path reads, from the metadata that the build
 * generates for every properties record. A key of map or list type is open: what follows it is the
 * user's.
 */
final class KnownKeys {
  private static final String[] METADATA = {
    "META-INF/spring-configuration-metadata.json",
    "META-INF/additional-spring-configuration-metadata.json"
  };

  private final SortedSet<String> names = new TreeSet<>();
  private final Map<String, Boolean> openByUniformName = new HashMap<>();

  KnownKeys(Map<String, Boolean> openByName) {
    openByName.forEach((name, open) -> {
      names.add(name);
      openByUniformName.put(uniform(name), open);
    });
  }

  static KnownKeys onClassPath(ClassLoader loader) {
    var openByName = new HashMap<String, Boolean>();
    var mapper = JsonMapper.shared();
    try {
      for (var resource : METADATA) {
        for (var urls = loader.getResources(resource); urls.hasMoreElements(); ) {
          try (InputStream in = urls.nextElement().openStream()) {
            collect(mapper.readTree(in), openByName);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("configuration metadata cannot be read", e);
    }
    return new KnownKeys(openByName);
  }

  private static void collect(JsonNode metadata, Map<String, Boolean> openByName) {
    for (var property : metadata.path("properties")) {
      var name = property.path("name").asString("");
      if (name.startsWith("mosaic.")) {
        var type = property.path("type").asString("");
        var open =
            type.startsWith("java.util.Map")
                || type.startsWith("java.util.List")
                || type.startsWith("java.util.Set")
                || type.endsWith("[]");
        openByName.merge(name, open, Boolean::logicalOr);
      }
    }
  }

  /** Whether code reads the key; spelling may be relaxed as Spring allows. */
  boolean knows(String key) {
    var path = uniform(key);
    if (openByUniformName.containsKey(path)) {
      return true;
    }
    for (int end = path.length() - 1; end > 0; end--) {
      char c = path.charAt(end);
      if ((c == '.' || c == '[') && openByUniformName.getOrDefault(path.substring(0, end), false)) {
        return true;
      }
    }
    return false;
  }

  /** Whether code reads the environment variable, in which dots are underscores. */
  boolean knowsVariable(String variable) {
    var flat = flat(variable);
    for (var entry : openByUniformName.entrySet()) {
      var known = flat(entry.getKey());
      if (flat.equals(known) || (entry.getValue() && flat.startsWith(known))) {
        return true;
      }
    }
    return false;
  }

  /** The known key that is the fewest edits away, unless all are far away. */
  Optional<String> nearest(String key) {
    return nearest(uniform(key), Math.max(3, key.length() / 3), false);
  }

  /** The known key that a variable is a slip of the pen away from. */
  Optional<String> nearestToVariable(String variable) {
    return nearest(flat(variable), 2, true);
  }

  private Optional<String> nearest(String wanted, int within, boolean flatten) {
    String best = null;
    int fewest = within + 1;
    for (var name : names) {
      int edits = EditDistance.between(wanted, flatten ? flat(name) : uniform(name));
      if (edits < fewest) {
        fewest = edits;
        best = name;
      }
    }
    return Optional.ofNullable(best);
  }

  private static String uniform(String key) {
    return key.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
  }

  private static String flat(String name) {
    return uniform(name).replace(".", "");
  }
}

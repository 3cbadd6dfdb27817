package io.mosaicdb.pagerank.run;

import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.model.NamespaceName;
import io.mosaicdb.pagerank.link.Level;
import io.mosaicdb.pagerank.rank.RankSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A computation that was checked, with every default filled in.
 *
 * @param seeds where a surfer starts again, with weights; empty: anywhere
 * @param warm whether to start from the last ranks of the same level
 */
public record RunRequest(
    String namespace, RankSettings settings, Level level, Map<String, Double> seeds, boolean warm) {
  private static final int MOST_SEEDS = 10_000;

  public RunRequest {
    seeds = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(seeds));
  }

  /** What a schedule asks for. */
  static RunRequest standard(String namespace) {
    return new RunRequest(namespace, RankSettings.STANDARD, Level.DOCUMENT, Map.of(), true);
  }

  /** The body of {@code POST /v1/pagerank}. What is absent has its default. */
  public record Body(
      @Nullable String namespace,
      @Nullable Double damping,
      @Nullable Double tolerance,
      @Nullable Integer maxIterations,
      @Nullable String level,
      @Nullable List<@Nullable String> seeds,
      @Nullable Map<String, @Nullable Double> personalization,
      @Nullable Boolean warmStart) {}

  /**
   * @throws MosaicException {@code invalid_value} with pointer, bound and value
   */
  public static RunRequest of(Body body) {
    var standard = RankSettings.STANDARD;
    double damping = body.damping() == null ? standard.damping() : body.damping();
    if (!(damping >= 0 && damping < 1)) {
      throw MosaicException.invalidValue("/damping", "must be >= 0 and < 1, got " + damping);
    }
    double tolerance = body.tolerance() == null ? standard.tolerance() : body.tolerance();
    if (!(tolerance >= 0 && tolerance < 1)) {
      throw MosaicException.invalidValue("/tolerance", "must be >= 0 and < 1, got " + tolerance);
    }
    int most = body.maxIterations() == null ? standard.maxIterations() : body.maxIterations();
    if (most < 1 || most > RankSettings.MOST_ITERATIONS) {
      throw MosaicException.invalidValue(
          "/max_iterations",
          "must be between 1 and " + RankSettings.MOST_ITERATIONS + ", got " + most);
    }
    return new RunRequest(
        namespace(body.namespace()),
        new RankSettings(damping, tolerance, most),
        level(body.level()),
        seeds(body),
        !Boolean.FALSE.equals(body.warmStart()));
  }

  private static String namespace(@Nullable String name) {
    if (name == null) {
      throw MosaicException.invalidValue("/namespace", "must be given");
    }
    try {
      return new NamespaceName(name).value();
    } catch (IllegalArgumentException e) {
      throw MosaicException.invalidValue("/namespace", String.valueOf(e.getMessage()));
    }
  }

  private static Level level(@Nullable String name) {
    return name == null
        ? Level.DOCUMENT
        : Level.find(name)
            .orElseThrow(() ->
                MosaicException.invalidValue(
                    "/level", "must be document or host, got '" + name + "'"));
  }

  private static Map<String, Double> seeds(Body body) {
    if (body.seeds() != null && body.personalization() != null) {
      throw MosaicException.invalidValue(
          "/seeds", "must be absent where /personalization is given: it is the same with weights");
    }
    var seeds = new LinkedHashMap<String, Double>();
    if (body.seeds() != null) {
      requireSome("/seeds", body.seeds().size());
      for (int i = 0; i < body.seeds().size(); i++) {
        var seed = body.seeds().get(i);
        if (seed == null || seed.isBlank()) {
          throw MosaicException.invalidValue(
              "/seeds/" + i, "must be a document's id or URL, or a host, got '" + seed + "'");
        }
        seeds.put(seed, 1.0);
      }
    }
    if (body.personalization() != null) {
      requireSome("/personalization", body.personalization().size());
      for (var entry : body.personalization().entrySet()) {
        var weight = entry.getValue();
        if (weight == null || !(weight > 0 && weight <= 1e9)) {
          throw MosaicException.invalidValue(
              "/personalization/" + entry.getKey().replace("~", "~0").replace("/", "~1"),
              "must be > 0 and <= 1000000000, got " + weight);
        }
        seeds.put(entry.getKey(), weight);
      }
    }
    return seeds;
  }

  private static void requireSome(String pointer, int count) {
    if (count < 1 || count > MOST_SEEDS) {
      throw MosaicException.invalidValue(
          pointer, "must have between 1 and " + MOST_SEEDS + " entries, got " + count);
    }
  }
}

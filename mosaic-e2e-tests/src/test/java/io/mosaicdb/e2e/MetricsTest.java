package io.mosaicdb.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What an operator sees at {@code GET /metrics}: of every service, and exact. */
@ExtendWith(SharedServer.class)
class MetricsTest {
  private static final Duration SOON = Duration.ofSeconds(15);
  private static final Pattern SAMPLE =
      Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{.*})? ([^ ]+)");
  private static final Pattern LABEL = Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"([^\"]*)\",?");

  @Test
  void countsRiseByExactlyTheCallsMade(Api api) {
    var namespace = api.namespace("measured").createWithClientVectors(1000);
    namespace.write(document("a", 1), document("b", 2), document("c", 3));
    namespace.seal();
    namespace.deleteAll("c");
    var before = metrics(api);

    namespace.search("{\"q\": \"common\", \"mode\": \"keyword\"}");
    namespace.search("{\"q\": \"common\", \"mode\": \"keyword\"}");
    namespace.search("{\"q\": \"doc\", \"mode\": \"keyword\"}");
    api.post(namespace.path() + "/search", "{\"q\": \"common\", \"limit\": -1}").require(422);
    namespace.write(document("b", 4), document("d", 5));
    var after = metrics(api);

    assertThat(rise(before, after, "mosaic_search_seconds_count", "outcome=ok")).isEqualTo(3);
    assertThat(rise(before, after, "mosaic_search_seconds_bucket", "outcome=ok", "le=+Inf"))
        .isEqualTo(3);
    assertThat(rise(before, after, "mosaic_search_seconds_count", "outcome=refused")).isEqualTo(1);
    assertThat(rise(before, after, "mosaic_upserts_total", "namespace=measured")).isEqualTo(2);
    assertThat(sum(after, "mosaic_upserts_total", "namespace=measured")).isEqualTo(5);
    assertThat(sum(after, "mosaic_deletes_total", "namespace=measured")).isEqualTo(1);
    assertThat(rise(before, after, "mosaic_shard_queries_total", "namespace=measured"))
        .isEqualTo(3);
    assertThat(rise(before, after, "mosaic_search_cache_total", "result=hit")).isEqualTo(1);
    // The refused one was looked for too.
    assertThat(rise(before, after, "mosaic_search_cache_total", "result=miss")).isEqualTo(3);
  }

  @Test
  void sizesAreThoseOfTheNamespace(Api api) {
    var namespace = api.namespace("sized").createWithClientVectors(1000);
    namespace.write(document("a", 1), document("b", 2));
    namespace.seal();
    namespace.write(document("c", 3));
    Await.until(
        "the namespace is measured",
        SOON,
        () -> sum(metrics(api), "mosaic_documents", "namespace=sized") == 3);

    var metrics = metrics(api);

    assertThat(sum(metrics, "mosaic_segments", "namespace=sized")).isEqualTo(2);
    assertThat(sum(metrics, "mosaic_shards", "namespace=sized")).isEqualTo(1);
    assertThat(sum(metrics, "mosaic_documents_unsealed", "namespace=sized")).isEqualTo(1);
    assertThat(sum(metrics, "mosaic_index_bytes", "namespace=sized"))
        .isEqualTo(namespace.shards().get(0).path("bytes").asDouble());
    assertThat(sum(metrics, "mosaic_log_bytes", "namespace=sized")).isBetween(1e3, 1e7);
    api.delete(namespace.path()).require(204);
    Await.until(
        "a namespace that is gone is not measured any more",
        SOON,
        () -> metrics(api).keySet().stream().noneMatch(each -> each.contains("namespace=sized")));
  }

  @Test
  void everyServiceOfTheProcessIsThereOnce(Api api) {
    var metrics = metrics(api);

    for (var service :
        new String[] {
          "gateway-service",
          "coordinator-service",
          "shard-worker-service",
          "embedding-service",
          "crawler-service",
          "pagerank-service"
        }) {
      assertThat(metrics.keySet()).anyMatch(each -> each.contains("service=" + service));
    }
    assertThat(metrics).containsKeys("process_uptime_seconds{}", "jvm_threads_live_threads{}");
    assertThat(sum(metrics, "mosaic_cache_hit_ratio", "cache=search")).isBetween(0.0, 1.0);
    assertThat(sum(metrics, "mosaic_cache_hit_ratio", "cache=embedding")).isBetween(0.0, 1.0);
    for (var name :
        new String[] {
          "mosaic_embedding_seconds_count",
          "mosaic_shard_breaker_changes_total",
          "mosaic_crawl_fetches_total",
          "mosaic_crawl_bytes_total",
          "resilience4j_circuitbreaker_state"
        }) {
      assertThat(metrics.keySet()).as(name).anyMatch(each -> each.startsWith(name + "{"));
    }
    assertThat(api.get("/metrics", "Accept", "application/openmetrics-text").require(200))
        .satisfies(answer -> assertThat(answer.body()).endsWith("# EOF\n"));
  }

  private static String document(String id, int seed) {
    return "{\"id\": \"%s\", \"text\": \"common doc %s\", \"vector\": %s}"
        .formatted(id, id, Vectors8.of(seed));
  }

  private static double rise(
      Map<String, Double> before, Map<String, Double> after, String name, String... labels) {
    return sum(after, name, labels) - sum(before, name, labels);
  }

  static double sum(Map<String, Double> metrics, String name, String... labels) {
    double sum = 0;
    for (var entry : metrics.entrySet()) {
      boolean meant = entry.getKey().startsWith(name + "{");
      for (var label : labels) {
        meant &= entry.getKey().contains(label + ";");
      }
      sum += meant ? entry.getValue() : 0;
    }
    return sum;
  }

  /**
   * Every sample, by its name and its labels in order; fails where a reader would: a metric without
   * help and type, one in two places, a series twice, a counter without its ending, a histogram
   * whose buckets fall.
   */
  static Map<String, Double> metrics(Api api) {
    var answer = api.get("/metrics").require(200);
    assertThat(answer.header("Content-Type").replace(" ", ""))
        .startsWith("text/plain;version=0.0.4");
    var samples = new HashMap<String, Double>();
    var types = new HashMap<String, String>();
    var helped = new HashSet<String>();
    var current = "";
    for (var line : answer.body().lines().toList()) {
      var words = line.split(" ", 4);
      if (line.startsWith("# HELP ")) {
        assertThat(helped.add(words[2])).as(line).isTrue();
        assertThat(words).as(line).hasSize(4);
        assertThat(words[2]).as("in base units").doesNotMatch(".*_(ms|ns|mb|kb)(_.*)?");
        current = words[2];
      } else if (line.startsWith("# TYPE ")) {
        assertThat(words[2]).as(line).isEqualTo(current);
        assertThat(types.put(words[2], words[3])).as(line).isNull();
      } else {
        var sample = SAMPLE.matcher(line);
        assertThat(sample.matches()).as(line).isTrue();
        assertThat(sample.group(1)).as(line).startsWith(current);
        if (String.valueOf(types.get(current)).equals("counter")) {
          assertThat(sample.group(1)).as(line).endsWith("_total");
        }
        var key = sample.group(1) + labels(sample.group(2));
        assertThat(samples.put(key, Double.parseDouble(sample.group(3).replace("Inf", "Infinity"))))
            .as(line)
            .isNull();
      }
    }
    assertThat(types.keySet()).isEqualTo(helped);
    return samples;
  }

  private static String labels(@Nullable String text) {
    var labels = new TreeMap<String, String>();
    if (text != null) {
      var matcher = LABEL.matcher(text.substring(1, text.length() - 1));
      while (matcher.find()) {
        labels.put(matcher.group(1), matcher.group(2));
      }
    }
    var written = new StringBuilder("{");
    labels.forEach((name, value) -> written.append(name).append('=').append(value).append(';'));
    return written.append('}').toString();
  }
}

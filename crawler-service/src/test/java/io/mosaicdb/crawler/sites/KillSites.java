package io.mosaicdb.crawler.sites;

import io.mosaicdb.crawler.testsite.TestSite;
import io.mosaicdb.starter.json.StrictJson;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Crawls sites of a folder twice with the product itself: once undisturbed, and once while its
 * process is killed ({@code SIGKILL}) again and again and started anew. Exits with 1 unless both
 * indexes hold the same documents, to the letter, and the site's log shows no page asked for more
 * than twice.
 *
 * <p>Arguments: the folder of {@code bin/mosaic}'s project, built; the folder of the sites, with
 * {@code <site>/<host>/<path>} below it; then {@code site=<name>} (all), {@code kills=20}, {@code
 * delay=20} (milliseconds), {@code concurrency=8}, {@code connections=1}, {@code seed=<number>} for
 * the moments of the kills.
 */
final class KillSites implements AutoCloseable {
  private static final JsonMapper JSON = StrictJson.mapper();
  private static final long START_NANOS = 120_000_000_000L;

  private final Path home;
  private final Path data = Files.createTempDirectory("kill-sites-");
  private final TestSite server = TestSite.open();
  private final Map<String, String> options = new HashMap<>();
  private final Map<String, Path> hosts = new TreeMap<>();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private @Nullable Process product;
  private URI address = URI.create("http://127.0.0.1");

  private KillSites(Path home) throws IOException {
    this.home = home;
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    if (arguments.length < 2) {
      throw new IllegalArgumentException("say the project's folder and the folder of the sites");
    }
    boolean fine;
    try (var sites = new KillSites(Path.of(arguments[0]))) {
      for (int i = 2; i < arguments.length; i++) {
        var parts = arguments[i].split("=", 2);
        sites.options.put(parts[0], parts[1]);
      }
      sites.serve(Path.of(arguments[1]));
      fine = sites.compare();
    }
    System.exit(fine ? 0 : 1);
  }

  private void serve(Path folder) throws IOException {
    var site = options.get("site");
    try (var below = Files.walk(folder, 2)) {
      for (var host :
          below
              .filter(path -> folder.relativize(path).getNameCount() == 2)
              .filter(path -> site == null || folder.relativize(path).startsWith(site))
              .toList()) {
        hosts.put(host.getFileName().toString(), host);
        server.folder(host.getFileName().toString(), host);
      }
    }
    if (hosts.isEmpty()) {
      throw new IllegalArgumentException("no site there: " + folder + ", site=" + site);
    }
  }

  private boolean compare() throws IOException, InterruptedException {
    long seed = Long.parseLong(options.getOrDefault("seed", Long.toString(System.nanoTime())));
    int kills = option("kills", 20);
    var random = new Random(seed);

    start("undisturbed");
    long began = System.nanoTime();
    var crawl = begin();
    awaitEnd(crawl);
    long ended = System.nanoTime();
    var undisturbed = export();
    var outcomes = get(crawl).path("outcomes").toString();
    int requests = server.requests().size();
    kill();
    var last = server.requests().stream().mapToLong(TestSite.Request::nanos).max().orElse(began);
    System.out.printf(
        "undisturbed: %d requests in %.1f s, in the index after %.1f s, outcomes %s%n",
        requests, (last - began) / 1e9, (ended - began) / 1e9, outcomes);

    server.forget();
    start("killed");
    crawl = begin();
    for (int kill = 1; kill <= kills; kill++) {
      long enough = (long) requests * kill / (kills + 1);
      while (asked() < enough) {
        Thread.sleep(5);
      }
      Thread.sleep(random.nextInt(150));
      var state = get(crawl).path("state").asString();
      kill();
      System.out.printf(
          "kill %d, %s, after %d requests of %d URLs%n",
          kill, state, server.requests().size(), asked());
      start("killed");
    }
    awaitEnd(crawl);
    var killed = export();
    System.out.printf(
        "killed %d times (seed %d): %d requests, outcomes %s%n",
        kills, seed, server.requests().size(), get(crawl).path("outcomes").toString());
    return judge(undisturbed, killed);
  }

  private int option(String name, int otherwise) {
    return Integer.parseInt(options.getOrDefault(name, Integer.toString(otherwise)));
  }

  private boolean judge(List<String> undisturbed, List<String> killed) {
    var counts = new TreeMap<String, Integer>();
    for (var request : server.requests()) {
      counts.merge(request.host() + request.target(), 1, Integer::sum);
    }
    var robots = new TreeMap<>(counts);
    robots.keySet().removeIf(url -> !url.endsWith("/robots.txt"));
    counts.keySet().removeAll(robots.keySet());
    long twice = counts.values().stream().filter(count -> count == 2).count();
    var oftener = new TreeMap<>(counts);
    oftener.values().removeIf(count -> count <= 2);
    System.out.printf(
        "pages asked for once %d, twice %d, oftener %s; robots.txt %s%n",
        counts.values().stream().filter(count -> count == 1).count(), twice, oftener, robots);
    var missing = new HashSet<>(undisturbed);
    killed.forEach(missing::remove);
    var more = new HashSet<>(killed);
    undisturbed.forEach(more::remove);
    System.out.printf(
        "documents: undisturbed %d, %s; killed %d, %s%n",
        undisturbed.size(), hash(undisturbed), killed.size(), hash(killed));
    missing.stream().limit(3).forEach(line -> System.out.println("only undisturbed: " + few(line)));
    more.stream().limit(3).forEach(line -> System.out.println("only killed: " + few(line)));
    boolean fine = undisturbed.equals(killed) && !undisturbed.isEmpty() && oftener.isEmpty();
    System.out.println(fine ? "as it should be" : "NOT as it should be");
    return fine;
  }

  private static String few(String line) {
    return line.substring(0, Math.min(400, line.length()));
  }

  private static String hash(List<String> lines) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      lines.forEach(line -> digest.update(line.getBytes(StandardCharsets.UTF_8)));
      return HexFormat.of().formatHex(digest.digest(), 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** How many URLs were asked for. */
  private long asked() {
    return server.requests().stream()
        .map(request -> request.host() + request.target())
        .distinct()
        .count();
  }

  private void start(String name) throws IOException, InterruptedException {
    int port;
    try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    var command = new ArrayList<String>();
    command.add(home.resolve("bin/mosaic").toString());
    command.add("--mosaic.port=" + port);
    command.add("--mosaic.data=" + data.resolve(name));
    for (var host : hosts.keySet()) {
      command.add(
          "--mosaic.crawler.hosts.[%s]=127.0.0.1:%d".formatted(host, server.address().getPort()));
    }
    var log = data.resolve(name + ".log").toFile();
    // The script becomes the process of the product, so that killing it kills the product.
    product =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
            .start();
    address = URI.create("http://127.0.0.1:" + port);
    long began = System.nanoTime();
    while (!answers()) {
      if (!product.isAlive() || System.nanoTime() - began > START_NANOS) {
        throw new IllegalStateException(
            "the product does not start:\n" + Files.readString(log.toPath()));
      }
      Thread.sleep(50);
    }
  }

  private boolean answers() throws InterruptedException {
    try {
      var request = HttpRequest.newBuilder(address.resolve("/health")).build();
      return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException _) {
      return false;
    }
  }

  private void kill() throws InterruptedException {
    if (product != null) {
      product.destroyForcibly();
      product.waitFor();
    }
  }

  /** Begins the crawl of all hosts; its address. */
  private String begin() throws IOException, InterruptedException {
    new HttpCoordinator(address).createWordsOnly("sites");
    var seeds = new ArrayList<String>();
    for (var host : hosts.entrySet()) {
      seeds.add("http://" + host.getKey() + CrawlSites.entrance(host.getValue()));
    }
    var body =
        Map.of(
            "seeds",
            seeds,
            "namespace",
            "sites",
            // The sites link to themselves by https as well, which nobody serves here.
            "scope",
            Map.of("include", List.of("http://**")),
            "limits",
            Map.of(
                "delay_ms",
                option("delay", 20),
                "concurrency",
                option("concurrency", 8),
                "connections_per_host",
                option("connections", 1)));
    var request =
        HttpRequest.newBuilder(address.resolve("/v1/crawls"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
            .build();
    var answer = http.send(request, BodyHandlers.ofString());
    if (answer.statusCode() != 202) {
      throw new IllegalStateException(answer.body());
    }
    return answer.headers().firstValue("Location").orElseThrow();
  }

  private void awaitEnd(String crawl) throws IOException, InterruptedException {
    while (!get(crawl).path("state").asString().equals("succeeded")) {
      Thread.sleep(100);
    }
  }

  private JsonNode get(String path) throws IOException, InterruptedException {
    return JSON.readTree(text(path));
  }

  private List<String> export() throws IOException, InterruptedException {
    return text("/v1/namespaces/sites/export").lines().sorted().toList();
  }

  private String text(String path) throws IOException, InterruptedException {
    var answer =
        http.send(HttpRequest.newBuilder(address.resolve(path)).build(), BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IllegalStateException(path + ": " + answer.body());
    }
    return answer.body();
  }

  @Override
  public void close() throws IOException {
    try {
      kill();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    server.close();
    http.close();
    try (var files = Files.walk(data)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}

package io.mosaicdb.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Sites on loopback become searchable, politely, whatever happens to the process. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CrawlTest {
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final String[] SETTINGS = {
    "--mosaic.crawler.allow-addresses=127.0.0.0/8,::1",
    "--mosaic.crawler.headers-timeout=1s",
    "--mosaic.crawler.first-back-off=50ms",
    "--mosaic.crawler.longest-back-off=200ms",
    "--mosaic.crawler.tries=2"
  };

  @TempDir static Path folder;
  private MosaicServer server;
  private CrawledSite site;

  @BeforeAll
  void start() {
    server = MosaicServer.start(folder.resolve("shared"), SETTINGS);
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @BeforeEach
  void openSite() {
    site = new CrawledSite();
  }

  @AfterEach
  void closeSite() {
    site.close();
  }

  private static String begin(Api api, String body) {
    var answer = api.post("/v1/crawls", body).require(202);
    assertThat(answer.header("Location")).startsWith("/v1/crawls/");
    return answer.header("Location");
  }

  private static JsonNode awaitEnd(Api api, String crawl) {
    Await.until(
        crawl + " has succeeded",
        LIMIT,
        () -> api.get(crawl).require(200).json().path("state").asString().equals("succeeded"));
    return api.get(crawl).require(200).json();
  }

  private static List<String> values(JsonNode list, String field) {
    var values = new ArrayList<String>();
    list.forEach(each -> values.add(each.path(field).asString()));
    return values;
  }

  private static List<String> hits(Api api, String namespace, String query) {
    var answer = api.post("/v1/namespaces/" + namespace + "/search", query).require(200);
    return values(answer.json().path("hits"), "id");
  }

  @Test
  void twentyPagesBecomeTwentyDocumentsFoundByWordByMeaningAndByAnchor() {
    site.page(
        "/", "Front page", "Where everything begins.", "/p1|first step", "/p2|glorious tapir");
    for (int i = 1; i < 20; i++) {
      site.page(
          "/p" + i,
          "Page " + i,
          i == 7
              ? "The physician gave the ill child a medicine against its fever."
              : "Unremarkable notes on matter number " + i + ", with the word uniq" + i + ".",
          "/p" + (i + 1) % 20,
          "/");
    }
    site.page("/p0", "Zero", "The last one.");
    site.remove("/p0").redirect("/p0", "/");
    var before = MetricsTest.metrics(server.api());

    var crawl =
        begin(
            server.api(),
            "{\"seeds\": [\"%s/\"], \"namespace\": \"twenty\", \"limits\": {\"delay_ms\": 0}}"
                .formatted(site.first()));
    var done = awaitEnd(server.api(), crawl);

    assertThat(done.at("/outcomes/stored").asInt()).isEqualTo(20);
    assertThat(server.api().get("/v1/namespaces/twenty").json().path("documents").asInt())
        .isEqualTo(20);
    assertThat(site.counts().values()).containsOnly(1);
    var after = MetricsTest.metrics(server.api());
    for (var outcome : List.of("content", "moved")) {
      assertThat(
              MetricsTest.sum(after, "mosaic_crawl_fetches_total", "outcome=" + outcome)
                  - MetricsTest.sum(before, "mosaic_crawl_fetches_total", "outcome=" + outcome))
          .as(outcome)
          .isEqualTo(outcome.equals("content") ? 20 : 1);
    }
    assertThat(hits(server.api(), "twenty", "{\"q\": \"uniq13\", \"mode\": \"keyword\"}"))
        .containsExactly(site.first() + "/p13");
    assertThat(
            hits(
                server.api(),
                "twenty",
                "{\"q\": \"a doctor treats a sick kid\", \"mode\": \"semantic\", \"limit\": 1}"))
        .containsExactly(site.first() + "/p7");
    // The words stand on the front page only, and say what they lead to.
    assertThat(hits(server.api(), "twenty", "{\"q\": \"glorious tapir\", \"mode\": \"keyword\"}"))
        .startsWith(site.first() + "/p2");
    assertThat(hits(server.api(), "twenty", "{\"q\": \"scripted\", \"mode\": \"keyword\"}"))
        .isEmpty();

    var document =
        server
            .api()
            .get("/v1/namespaces/twenty/documents/" + site.first().replace("/", "%2F") + "%2Fp7")
            .require(200)
            .json();
    assertThat(document.path("title").asString()).isEqualTo("Page 7");
    assertThat(document.at("/attributes/description").asString()).isEqualTo("About Page 7");
    assertThat(document.at("/attributes/headings/0").asString()).isEqualTo("Page 7");
    assertThat(values(document.path("links"), "url"))
        .containsExactly(site.first() + "/p8", site.first() + "/");
    var links =
        server
            .api()
            .get("/v1/namespaces/twenty/links?document=" + site.first() + "/p7")
            .require(200)
            .json();
    assertThat(links.path("links")).isEqualTo(document.path("links"));
  }

  @Test
  void obeysRobotsKeepsItsDistanceAndNamesEveryOutcome() {
    site.send("/robots.txt", 200, "text/plain", "User-agent: *\nDisallow: /private\n");
    var links = "/private/x,/old,/missing,/broken,/hang,/picture,/a,/a#x,/./a,/loop1".split(",");
    site.page("/", "Home", "A beginning of it all.", links);
    site.page("/a", "A", "The page with the letter alpha.", "mailto:someone@example.org");
    site.page("/private/x", "Private", "Nobody may read this.");
    site.redirect("/old", "/new").page("/new", "New", "The page that is new now.");
    site.redirect("/loop1", "/loop2").redirect("/loop2", "/loop1");
    site.send("/broken", 500, "text/plain", "broken");
    site.send("/picture", 200, "image/png", "no picture");
    site.hang("/hang");

    var crawl =
        begin(
            server.api(),
            """
            {"seeds": ["%s/", "%s/"], "namespace": "manners", "fold_duplicates": false, "limits": {"delay_ms": 120}}
            """
                .formatted(site.first(), site.second()));
    awaitEnd(server.api(), crawl);

    assertThat(outcome(crawl, "/private/x")).isEqualTo("skipped robots");
    assertThat(outcome(crawl, "/old")).isEqualTo("done redirect");
    assertThat(outcome(crawl, "/new")).isEqualTo("done stored");
    assertThat(outcome(crawl, "/missing")).isEqualTo("failed http_404");
    assertThat(outcome(crawl, "/broken")).isEqualTo("failed http_500");
    assertThat(outcome(crawl, "/hang")).isEqualTo("failed headers_timeout");
    assertThat(outcome(crawl, "/picture")).isEqualTo("skipped type");
    assertThat(outcome(crawl, "/loop2")).isEqualTo("failed redirect_loop");
    assertThat(site.paths()).doesNotContain("/private/x");
    assertThat(site.paths().stream().filter("/a"::equals)).as("once on each host").hasSize(2);
    for (var host : List.of("127.0.0.1", "localhost")) {
      var times =
          site.requests().stream()
              .filter(request -> request.host().equals(host))
              .mapToLong(CrawledSite.Request::at)
              .toArray();
      for (int i = 1; i < times.length; i++) {
        assertThat(Duration.ofNanos(times[i] - times[i - 1]))
            .isGreaterThanOrEqualTo(Duration.ofMillis(120));
      }
    }
  }

  private String outcome(String crawl, String path) {
    for (var each : server.api().get(crawl + "/urls?limit=1000").require(200).json().path("urls")) {
      if (each.path("url").asString().equals(site.first() + path)) {
        return each.path("state").asString() + " " + each.path("reason").asString();
      }
    }
    return "unknown";
  }

  @Test
  void killedAgainAndAgainItEndsAsUndisturbedAndFetchesNothingThrice() {
    long seed = System.nanoTime();
    var random = new Random(seed);
    int pages = 60;
    for (int i = 0; i < pages; i++) {
      site.page(
          "/" + i,
          "Page " + i,
          "Remarks on number " + i + " as they were made in the year " + (1900 + i) + ".",
          "/" + (2 * i + 1) % pages,
          "/" + (2 * i + 2) % pages,
          "/" + (i + 7) % pages);
    }
    site.latency(Duration.ofMillis(60));
    var body =
        "{\"seeds\": [\"%s/0\"], \"namespace\": \"killed\", \"limits\": {\"delay_ms\": 40}}"
            .formatted(site.first());
    var data = folder.resolve("killed");
    var first = MosaicServer.start(data, SETTINGS);
    try {
      var crawl = begin(first.api(), body);
      for (int kill = 0; kill < 3; kill++) {
        int before = site.counts().size();
        long pause = random.nextInt(700);
        // On a slow machine it may have ended before the last of the services is ready.
        int further = Math.min(before + 3, pages);
        Await.until("it goes on", LIMIT, () -> site.counts().size() >= further);
        Thread.sleep(pause);
        first.kill();
        first = MosaicServer.start(data, SETTINGS);
      }
      var done = awaitEnd(first.api(), crawl);

      assertThat(done.at("/outcomes/stored").asInt()).as("seed %d", seed).isEqualTo(pages);
      assertThat(site.counts()).hasSize(pages);
      assertThat(site.counts().values()).as("seed %d", seed).allMatch(count -> count <= 2);
      // What a host allows is known over restarts.
      assertThat(site.paths()).filteredOn("/robots.txt"::equals).hasSize(1);
      var killed = first.api().get("/v1/namespaces/killed/export").require(200).body();

      site.forget();
      awaitEnd(first.api(), begin(first.api(), body.replace("killed", "undisturbed")));
      var undisturbed = first.api().get("/v1/namespaces/undisturbed/export").require(200).body();
      assertThat(killed.lines().sorted()).isEqualTo(undisturbed.lines().sorted().toList());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    } finally {
      first.close();
    }
  }

  @Test
  void refusesWhatItCannotDoAndSaysWhere() {
    var api = server.api();
    assertThat(
            api.post("/v1/crawls", "{\"seeds\": [\"ftp://x/\"], \"namespace\": \"n\"}")
                .require(422)
                .body())
        .contains("/seeds/0");
    assertThat(api.post("/v1/crawls", "{\"seeds\": [], \"namespace\": \"n\"}").require(422).body())
        .contains("/seeds");
    assertThat(
            api.post(
                    "/v1/crawls",
                    "{\"seeds\": [\"http://x.example/\"], \"namespace\": \"n\", \"limits\": {\"depth\": -1}}")
                .require(422)
                .body())
        .contains("/limits/depth")
        .contains("-1");
    assertThat(
            api.post(
                    "/v1/crawls",
                    "{\"seeds\": [\"http://x.example/\"], \"namespace\": \"n\", \"speed\": 1}")
                .require(400)
                .body())
        .contains("speed");
    api.get("/v1/crawls/unknown").require(404);
  }

  @Test
  void pausesChangesItsPaceTellsWhatHappensAndStops() throws IOException, InterruptedException {
    for (int i = 0; i < 200; i++) {
      site.page("/" + i, "Page " + i, "Words about the number " + i + " alone.", "/" + (i + 1));
    }
    var api = server.api();
    var crawl =
        begin(
            api,
            "{\"seeds\": [\"%s/0\"], \"namespace\": \"paced\", \"limits\": {\"delay_ms\": 300}}"
                .formatted(site.first()));
    Await.until("it has begun", LIMIT, () -> site.counts().size() > 1);

    api.post(crawl + "/pause", "").require(200);
    Await.until(
        "its workers are gone",
        LIMIT,
        () -> api.get(crawl).json().at("/progress/workers").asInt() == 0);
    int paused = site.counts().size();
    api.patch(crawl, "{\"limits\": {\"delay_ms\": 5, \"concurrency\": 2}}").require(200);
    assertThat(site.counts()).hasSize(paused);
    api.post(crawl + "/resume", "").require(200);
    Await.until("it is faster", Duration.ofSeconds(20), () -> site.counts().size() > paused + 30);
    var canceled = api.post(crawl + "/cancel", "").require(200).json();

    assertThat(canceled.path("state").asString()).isEqualTo("canceled");
    assertThat(api.post(crawl + "/resume", "").status()).isEqualTo(409);
    var request =
        HttpRequest.newBuilder(URI.create(api.address() + crawl + "/events"))
            .timeout(LIMIT)
            .build();
    try (var client = HttpClient.newHttpClient()) {
      var lines = client.send(request, BodyHandlers.ofLines()).body();
      assertThat(lines.filter(line -> line.startsWith("event:")).limit(5))
          .contains("event:page", "event:state");
      client.shutdownNow();
    }
  }
}

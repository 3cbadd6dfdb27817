package io.mosaicdb.standalone.demo;

import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Serves the corpus as a website, has it crawled and ranked by its links, shows a few searches with
 * their times, and leaves the search page open until it is stopped. Run again, it searches what is
 * already there; a crawl that was stopped goes on.
 *
 * <p>{@code MOSAIC_PORT} (7700), {@code MOSAIC_SITE_PORT} (the next one) and {@code MOSAIC_DATA}
 * (.mosaic/demo) choose the ports and the data folder; the arguments are the program that starts
 * MosaicDB and the folder of the corpus.
 */
public final class Demo {
  private static final String NAMESPACE = "javadoc";

  /** Small, so that shards can be looked at although the corpus is small. */
  private static final int DOCUMENTS_OF_A_SHARD = 500;

  /** More than the site has: the budget of a crawl is there for sites that one does not know. */
  private static final int PAGES = 5_000;

  /** On a slow machine searches begin before all is indexed. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(95);

  private static final Duration POLL = Duration.ofMillis(300);
  private static final int HITS = 3;
  private static final int COLUMNS = 96;

  private final DemoClient client;
  private final DemoServer server;
  private final DocumentationSite site;
  private final PrintStream out;
  private final boolean terminal;

  private Demo(
      DemoClient client,
      DemoServer server,
      DocumentationSite site,
      PrintStream out,
      boolean terminal) {
    this.client = client;
    this.server = server;
    this.site = site;
    this.out = out;
    this.terminal = terminal;
  }

  /** Runs the demo; ends with status 1 and one sentence when something is missing. */
  public static void main(String[] arguments) throws InterruptedException {
    var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    if (arguments.length != 2) {
      System.err.println(
          "give the program that starts MosaicDB and the folder of the javadoc jars");
      System.exit(2);
      return;
    }
    Path data =
        Path.of(System.getenv().getOrDefault("MOSAIC_DATA", ".mosaic/demo")).toAbsolutePath();
    int port = port("MOSAIC_PORT", 7700);
    int sitePort = port("MOSAIC_SITE_PORT", port + 1);
    try (var client = new DemoClient(URI.create("http://127.0.0.1:" + port + "/"));
        var site = DocumentationSite.open(jars(Path.of(arguments[1])), sitePort);
        var server =
            DemoServer.startOrJoin(
                client,
                Path.of(arguments[0]),
                port,
                data,
                // Of all the addresses that crawls are kept from, this one.
                "--mosaic.crawler.allow-addresses=127.0.0.1",
                "--mosaic.crawler.contact=" + site.address())) {
      Runtime.getRuntime().addShutdownHook(new Thread(server::close, "demo-stop"));
      boolean terminal =
          Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
      new Demo(client, server, site, out, terminal).run();
      server.awaitEnd();
    } catch (IOException failure) {
      out.flush();
      System.err.println("The demo stopped: " + failure.getMessage());
      System.exit(1);
    }
  }

  private static int port(String variable, int standard) {
    String text = System.getenv().getOrDefault(variable, Integer.toString(standard));
    int port = -1;
    try {
      port = Integer.parseInt(text.strip());
    } catch (NumberFormatException notANumber) {
      // Said below, as for a number out of range.
    }
    if (port < 1 || port > 65535) {
      System.err.println(variable + " must be a number from 1 to 65535.");
      System.exit(1);
    }
    return port;
  }

  private static List<JavadocJar> jars(Path corpus) throws IOException {
    var jars = JavadocJar.findAll(corpus);
    if (jars.isEmpty()) {
      throw new IOException(
          "there are no javadoc jars in " + corpus + "; `make demo` puts them there");
    }
    return jars;
  }

  private void run() throws IOException, InterruptedException {
    long began = System.nanoTime();
    out.println(
        server.joined()
            ? "Joining the MosaicDB at " + server.address()
            : "Starting MosaicDB at " + server.address());
    var contents = site.contents();
    server.awaitReady(client);
    out.printf(
        Locale.ROOT,
        "Ready after %.1f s.%n%n  The site: %s  documentation of %d libraries, %,d pages%n"
            + "  Watch and search while it is crawled: %s%n%n",
        seconds(began),
        site.address(),
        contents.libraries(),
        contents.pages(),
        page(""));

    String crawl = crawl();
    boolean whole = follow(crawl, began + LONGEST_WAIT.toNanos());
    rank(whole ? "" : " so far");
    for (DemoQuestion question : DemoQuestion.all(site.address())) {
      show(question);
    }
    out.printf("%nYour turn: %s%n", page(DemoQuestion.all(site.address()).get(1).question()));
    if (!whole) {
      out.println("\nThe rest is still being indexed:");
      var _ = follow(crawl, Long.MAX_VALUE);
      rank("");
    }
    Optional<Path> shard = server.findShard(NAMESPACE);
    if (shard.isPresent()) {
      out.println("\nThe index is plain SQLite files. Open one:");
      out.printf(
          "  sqlite3 -readonly %s \\%n    \"SELECT title, url FROM documents LIMIT 5\"%n",
          shard.get());
    }
    if (server.joined()) {
      out.println("Ctrl-C ends the site; the MosaicDB that was joined goes on.");
    } else {
      out.println("Ctrl-C ends the demo; the index stays and is there at once next time.");
    }
  }

  /** The id of the crawl of this site, which goes on or is over; begins one where there is none. */
  private String crawl() throws IOException, InterruptedException {
    var known = client.findCrawl(NAMESPACE);
    if (known.isPresent()) {
      String seed = known.get().path("seeds").path(0).asString("");
      String state = known.get().path("state").asString("");
      boolean useful =
          state.equals("running")
              || state.equals("finishing")
              || known.get().path("outcomes").path("stored").asLong() > 0;
      if (useful && seed.equals(site.address().toString())) {
        return known.get().path("id").asString();
      }
    }
    boolean something = known.isPresent() || client.documents(NAMESPACE) > 0;
    if (something && server.joined()) {
      throw new IOException(
          "the namespace %s of the MosaicDB at %s holds something else; choose another MOSAIC_PORT"
              .formatted(NAMESPACE, server.address()));
    }
    if (something) {
      out.println("  What is there is of another address or an older demo, and is made anew.\n");
      if (known.isPresent()) {
        client.forgetCrawl(known.get().path("id").asString());
      }
      client.deleteNamespace(NAMESPACE);
    }
    client.create(NAMESPACE, schema(), Map.of("shard_documents", DOCUMENTS_OF_A_SHARD));
    return client
        .beginCrawl(
            Map.of(
                "namespace",
                NAMESPACE,
                "seeds",
                List.of(site.address().toString()),
                // Our own site need not be spared.
                "limits",
                Map.of("pages", PAGES, "delay_ms", 0, "concurrency", 4, "connections_per_host", 4)))
        .path("id")
        .asString();
  }

  /**
   * Shows how far the crawl is until it is over or the time has come.
   *
   * @return whether it is over
   */
  private boolean follow(String id, long until) throws IOException, InterruptedException {
    var progress = new ProgressBar(out, terminal, "pages indexed", System.nanoTime());
    boolean waited = false;
    while (true) {
      JsonNode crawl = client.crawl(id);
      String state = crawl.path("state").asString("");
      boolean over = !state.equals("running") && !state.equals("finishing");
      if (over && !waited) {
        out.printf(
            Locale.ROOT,
            "  All %,d pages are crawled and indexed already.%n",
            client.documents(NAMESPACE));
      } else {
        progress.at(client.documents(NAMESPACE), expected(crawl), over, System.nanoTime());
      }
      if (over) {
        finished(crawl, waited);
        return true;
      }
      if (System.nanoTime() - until > 0) {
        progress.leave();
        return false;
      }
      waited = true;
      Thread.sleep(POLL);
    }
  }

  /** How many documents there will be, as far as the crawl knows by now. */
  private static long expected(JsonNode crawl) {
    return crawl.path("outcomes").path("stored").asLong()
        + crawl.path("urls").path("queued").asLong()
        + crawl.path("urls").path("fetching").asLong();
  }

  private void finished(JsonNode crawl, boolean watched) throws IOException {
    if (crawl.path("outcomes").path("stored").asLong() == 0) {
      throw new IOException(
          "nothing was crawled (%s). A MosaicDB that was joined must be started with --mosaic.crawler.allow-addresses=127.0.0.1"
              .formatted(crawl.path("outcomes")));
    }
    if (watched) {
      var outcomes = crawl.path("outcomes");
      out.printf(
          Locale.ROOT,
          "  Fetched %,d pages of %s: %,d documents, %,d the same or nearly the same as others, %,d lists"
              + " only followed%n  (the site counts %,d requests since this start)%n",
          crawl.path("progress").path("pages").asLong(),
          site.address().getAuthority(),
          outcomes.path("stored").asLong(),
          outcomes.path("duplicate").asLong() + outcomes.path("near_duplicate").asLong(),
          outcomes.path("noindex").asLong(),
          site.requests());
    }
  }

  private void rank(String how) throws IOException, InterruptedException {
    long began = System.nanoTime();
    JsonNode result = client.rank(NAMESPACE);
    out.printf(
        Locale.ROOT,
        "  Ranks by links%s: %,d pages, %,d links between them, %d iterations, %.1f s%n",
        how,
        result.path("nodes").asLong(),
        result.path("edges").asLong(),
        result.path("iterations").asInt(),
        seconds(began));
  }

  private static Map<String, Object> schema() {
    return Map.of(
        "fields",
        Map.of("title", text(3), "headings", text(1.5), "text", text(1), "anchors", text(2)),
        "attributes",
        Map.of(
            "title", Map.of("type", "string", "filterable", false),
            "url", Map.of("type", "string", "filterable", true),
            "host", Map.of("type", "string", "filterable", true),
            "depth", Map.of("type", "integer", "filterable", true)));
  }

  private static Map<String, Object> text(double weight) {
    return Map.of("type", "text", "weight", weight, "language", "en");
  }

  private void show(DemoQuestion question) throws IOException, InterruptedException {
    JsonNode answer = client.search(NAMESPACE, question.toRequest(HITS));
    out.printf(
        Locale.ROOT,
        "%n“%s”%n  %s: %s, %.1f ms, %s%n",
        question.question(),
        question.about(),
        question.mode(),
        answer.path("took_ms").asDouble(),
        total(answer.path("total")));
    int rank = 1;
    for (JsonNode hit : answer.path("hits")) {
      JsonNode fields = hit.path("fields");
      out.printf(
          Locale.ROOT,
          "  %d  %-38s %-18s %.4f  %s%n     %s%n",
          rank++,
          fields.path("title").asString(""),
          library(fields.path("url").asString("")),
          hit.path("score").asDouble(),
          madeOf(hit),
          firstLine(hit.path("passage").path("text").asString("")));
    }
  }

  /** The first folder of an address. */
  private String library(String url) {
    String path = URI.create(url).getPath().substring(1);
    int end = path.indexOf('/');
    return end < 0 ? path : path.substring(0, end);
  }

  /** Which leg found the hit at which rank, and what links added to its score. */
  private static String madeOf(JsonNode hit) {
    JsonNode scores = hit.path("scores");
    double authority = scores.path("authority").asDouble();
    return Stream.concat(
            Stream.of("text", "vector")
                .filter(leg -> scores.path(leg).isObject())
                .map(leg ->
                    (leg.equals("text") ? "words #" : "meaning #")
                        + scores.path(leg).path("rank").asInt()),
            authority == 0
                ? Stream.of()
                : Stream.of(String.format(Locale.ROOT, "links +%.4f", authority)))
        .collect(Collectors.joining(", "));
  }

  private static String total(JsonNode total) {
    String count = String.format(Locale.ROOT, "%,d found", total.path("value").asLong());
    return total.path("relation").asString("eq").equals("eq") ? count : "at least " + count;
  }

  private static String firstLine(String text) {
    String flat = text.replaceAll("\\s+", " ").strip();
    if (flat.length() <= COLUMNS) {
      return flat;
    }
    int end = flat.lastIndexOf(' ', COLUMNS);
    return flat.substring(0, end > 0 ? end : COLUMNS) + " …";
  }

  private String page(String question) {
    String query =
        question.isEmpty() ? "" : "&q=" + URLEncoder.encode(question, StandardCharsets.UTF_8);
    return server.address() + "?ns=" + NAMESPACE + query;
  }

  private static double seconds(long since) {
    return Duration.ofNanos(System.nanoTime() - since).toMillis() / 1000.0;
  }
}

package io.mosaicdb.standalone.demo;

import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Indexes the corpus, shows a few searches with their times, and leaves the search page open until
 * it is stopped. Run again, it searches what is already there.
 *
 * <p>{@code MOSAIC_PORT} (7700) and {@code MOSAIC_DATA} (.mosaic/demo) choose the port and the data
 * folder; the arguments are the program that starts MosaicDB and the folder of the corpus.
 */
public final class Demo {
  private static final String NAMESPACE = "javadoc";
  private static final int BATCH = 24;

  /** Two requests in the air: the server embeds one while it commits the other. */
  private static final int PUSHERS = 2;

  /** Small, so that shards can be looked at although the corpus is small. */
  private static final int DOCUMENTS_OF_A_SHARD = 500;

  private static final int HITS = 3;
  private static final int COLUMNS = 96;

  private final DemoClient client;
  private final PrintStream out;
  private final boolean terminal;

  private Demo(DemoClient client, PrintStream out, boolean terminal) {
    this.client = client;
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
    int port = port(System.getenv().getOrDefault("MOSAIC_PORT", "7700"));
    if (port < 0) {
      System.err.println("MOSAIC_PORT must be a number from 1 to 65535.");
      System.exit(1);
      return;
    }
    URI address = URI.create("http://127.0.0.1:" + port + "/");
    try (var client = new DemoClient(address);
        var server = DemoServer.startOrJoin(client, Path.of(arguments[0]), port, data)) {
      Runtime.getRuntime().addShutdownHook(new Thread(server::close, "demo-stop"));
      boolean terminal =
          Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
      new Demo(client, out, terminal).run(server, Path.of(arguments[1]));
      server.awaitEnd();
    } catch (IOException | ExecutionException failure) {
      out.flush();
      System.err.println("The demo stopped: " + failure.getMessage());
      System.exit(1);
    }
  }

  /** The port, or -1 for what is none. */
  private static int port(String text) {
    try {
      int port = Integer.parseInt(text.strip());
      return port > 0 && port <= 65535 ? port : -1;
    } catch (NumberFormatException notANumber) {
      return -1;
    }
  }

  private void run(DemoServer server, Path corpus)
      throws IOException, InterruptedException, ExecutionException {
    long began = System.nanoTime();
    out.println(
        server.joined()
            ? "Joining the MosaicDB at " + server.address()
            : "Starting MosaicDB at " + server.address());
    List<JavadocPage> pages = read(corpus);
    server.awaitReady(client);
    out.printf(
        Locale.ROOT,
        "Ready after %.1f s. %,d pages of documentation from %d libraries.%n%n",
        seconds(began),
        pages.size(),
        pages.stream().map(JavadocPage::library).distinct().count());
    out.println("  Watch and search while it indexes: " + page(server, "") + "\n");

    long there = client.documents(NAMESPACE);
    if (there == pages.size()) {
      out.printf(Locale.ROOT, "  All %,d documents are indexed already.%n", there);
    } else {
      index(pages);
    }
    for (DemoQuestion question : DemoQuestion.all()) {
      show(question);
    }
    Optional<Path> shard = server.findShard(NAMESPACE);
    if (shard.isPresent()) {
      out.println("\nThe index is plain SQLite files. Open one:");
      out.printf(
          "  sqlite3 -readonly %s \\%n    \"SELECT title, library FROM documents JOIN attributes ON _document = ordinal LIMIT 5\"%n",
          shard.get());
    }
    out.printf("%nYour turn: %s%n", page(server, DemoQuestion.all().get(1).question()));
    if (!server.joined()) {
      out.println("Ctrl-C ends the demo; the index stays and is there at once next time.");
    }
  }

  /** Parsing is all work and no waiting: a jar a core, while the server starts. */
  private static List<JavadocPage> read(Path corpus) throws IOException {
    List<JavadocPage> pages;
    try {
      pages = JavadocJar.findAll(corpus).parallelStream().flatMap(Demo::pages).toList();
    } catch (UncheckedIOException failure) {
      throw failure.getCause();
    }
    if (pages.isEmpty()) {
      throw new IOException(
          "there are no javadoc jars in " + corpus + "; `make demo` puts them there");
    }
    return pages;
  }

  private static Stream<JavadocPage> pages(JavadocJar jar) {
    var pages = new ArrayList<JavadocPage>();
    try {
      jar.forEachPage(pages::add);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return pages.stream();
  }

  private void index(List<JavadocPage> pages)
      throws IOException, InterruptedException, ExecutionException {
    client.create(NAMESPACE, schema(), Map.of("shard_documents", DOCUMENTS_OF_A_SHARD));
    var progress = new ProgressBar(out, terminal, "pages", pages.size(), System.nanoTime());
    try (var pushers = Executors.newFixedThreadPool(PUSHERS)) {
      var pushed = new ArrayList<Future<?>>();
      for (int start = 0; start < pages.size(); start += BATCH) {
        List<JavadocPage> batch = pages.subList(start, Math.min(pages.size(), start + BATCH));
        pushed.add(
            pushers.submit(() -> {
              client.push(NAMESPACE, batch);
              progress.advance(batch.size(), System.nanoTime());
              return null;
            }));
      }
      try {
        for (Future<?> batch : pushed) {
          batch.get();
        }
      } catch (ExecutionException failure) {
        pushers.shutdownNow();
        throw failure;
      }
    }
  }

  private static Map<String, Object> schema() {
    var attributes = new LinkedHashMap<String, Object>();
    for (String name : List.of("library", "kind", "package", "since")) {
      attributes.put(name, Map.of("type", "string", "filterable", true));
    }
    attributes.put("deprecated", Map.of("type", "boolean", "filterable", true));
    attributes.put("members", Map.of("type", "integer", "filterable", true));
    return Map.of(
        "fields",
        Map.of(
            "title", Map.of("type", "text", "weight", 3.0, "language", "en"),
            "text", Map.of("type", "text", "weight", 1.0, "language", "en")),
        "attributes",
        attributes);
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
          fields.path("library").asString(""),
          hit.path("score").asDouble(),
          foundBy(hit.path("scores")),
          firstLine(hit.path("passage").path("text").asString("")));
    }
  }

  /** Which leg found the hit at which rank. */
  private static String foundBy(JsonNode scores) {
    return Stream.of("text", "vector")
        .filter(leg -> scores.path(leg).isObject())
        .map(leg ->
            (leg.equals("text") ? "words #" : "meaning #") + scores.path(leg).path("rank").asInt())
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

  private static String page(DemoServer server, String question) {
    String query =
        question.isEmpty() ? "" : "&q=" + URLEncoder.encode(question, StandardCharsets.UTF_8);
    return server.address() + "?ns=" + NAMESPACE + query;
  }

  private static double seconds(long since) {
    return Duration.ofNanos(System.nanoTime() - since).toMillis() / 1000.0;
  }
}

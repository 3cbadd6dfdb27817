package io.mosaicdb.standalone.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.jsoup.nodes.Entities;

/**
 * The documentation as a website on this machine: a front page, a list of what each library has,
 * and a short page for each type and package, which leads to those it mentions. Lists ask not to be
 * indexed; who follows links from the front page finds everything.
 */
final class DocumentationSite implements AutoCloseable {
  private static final int THREADS = 4;
  private static final String STYLE =
      "body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}"
          + "nav,footer{font-size:.85rem}li{margin:.2rem 0}code{font-size:.95em}";
  private static final byte[] ROBOTS = "User-agent: *\nAllow: /\n".getBytes(StandardCharsets.UTF_8);

  private final HttpServer server;
  private final ExecutorService threads;
  private final CompletableFuture<Map<String, byte[]>> pages;
  private final CompletableFuture<Contents> contents;
  private final AtomicLong requests = new AtomicLong();

  /** How much there is: libraries, and pages about types and packages. */
  record Contents(int libraries, int pages) {}

  private record Library(JavadocJar jar, List<JavadocPage> pages) {
    String path() {
      return "/" + jar.artifact() + "/";
    }
  }

  private DocumentationSite(
      HttpServer server, ExecutorService threads, CompletableFuture<List<Library>> libraries) {
    this.server = server;
    this.threads = threads;
    this.contents =
        libraries.thenApply(all ->
            new Contents(all.size(), all.stream().mapToInt(each -> each.pages().size()).sum()));
    this.pages = libraries.thenApply(DocumentationSite::pages);
  }

  /**
   * Serves the javadoc of the jars at the port of the loopback address. Pages are made meanwhile; a
   * request waits for them.
   */
  static DocumentationSite open(List<JavadocJar> jars, int port) throws IOException {
    HttpServer server;
    try {
      server =
          HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), 0);
    } catch (BindException e) {
      throw new IOException(
          "port %d, for the site that is crawled, is not free (%s); choose another with MOSAIC_SITE_PORT"
              .formatted(port, e.getMessage()),
          e);
    }
    var threads =
        Executors.newFixedThreadPool(
            THREADS, Thread.ofPlatform().daemon().name("site-", 0).factory());
    var libraries = CompletableFuture.supplyAsync(() -> read(jars));
    var site = new DocumentationSite(server, threads, libraries);
    server.setExecutor(threads);
    server.createContext("/", site::answer);
    server.start();
    return site;
  }

  /** Its front page. */
  URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
  }

  /** Waits until its pages are made. */
  Contents contents() throws IOException, InterruptedException {
    try {
      return contents.get();
    } catch (ExecutionException e) {
      throw new IOException(String.valueOf(e.getCause()), e);
    }
  }

  /** How often it was asked for something. */
  long requests() {
    return requests.get();
  }

  /** Parsing is all work and no waiting: a jar a core. */
  private static List<Library> read(List<JavadocJar> jars) {
    return jars.parallelStream().map(DocumentationSite::read).toList();
  }

  private static Library read(JavadocJar jar) {
    var pages = new ArrayList<JavadocPage>();
    try {
      jar.forEachPage(pages::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Library(jar, pages);
  }

  private static Map<String, byte[]> pages(List<Library> libraries) {
    var titles = new TreeMap<String, String>();
    for (Library library : libraries) {
      library.pages().forEach(page -> titles.put(page.path(), page.title()));
    }
    var pages = new TreeMap<String, byte[]>();
    pages.put("/", bytes(front(libraries)));
    for (Library library : libraries) {
      pages.put(library.path(), bytes(list(library)));
      for (JavadocPage page : library.pages()) {
        pages.put(page.path(), bytes(page(library, page, titles)));
      }
    }
    return pages;
  }

  private static String front(List<Library> libraries) {
    var items = new StringBuilder();
    for (Library library : libraries) {
      items
          .append("<li>")
          .append(link(library.path(), library.jar().artifact()))
          .append(" ")
          .append(escaped(library.jar().version()))
          .append("</li>\n");
    }
    return html(
        "Documentation of %d Java libraries".formatted(libraries.size()),
        true,
        "<ul>\n" + items + "</ul>\n",
        "");
  }

  private static String list(Library library) {
    var items = new StringBuilder();
    for (JavadocPage page : library.pages()) {
      items.append("<li>").append(link(page.path(), page.title())).append("</li>\n");
    }
    return html(
        library.jar().artifact() + " " + library.jar().version(),
        true,
        "<ul>\n" + items + "</ul>\n",
        link("/", "All libraries"));
  }

  private static String page(Library library, JavadocPage page, Map<String, String> titles) {
    var trail = new LinkedHashMap<String, String>();
    trail.put("/", "All libraries");
    trail.put(library.path(), library.jar().artifact());
    if (titles.containsKey(page.packagePath()) && !page.packagePath().equals(page.path())) {
      trail.put(page.packagePath(), page.packageName());
    }
    var body = new StringBuilder();
    for (String paragraph : page.text().split("\n+")) {
      body.append("<p>").append(escaped(paragraph)).append("</p>\n");
    }
    body.append("<p>").append(escaped(page.facts())).append("</p>\n");
    var related = new StringBuilder();
    for (JavadocPage.Link each : page.links()) {
      if (titles.containsKey(each.path())) {
        related.append("<li>").append(link(each.path(), each.text())).append("</li>\n");
      }
    }
    String more =
        "<a rel=\"nofollow\" href=\"%s\">The whole page at javadoc.io</a>"
            .formatted(
                escaped(library.jar().publishedAt(page.path().substring(library.path().length()))));
    return html(
        page.title(),
        false,
        body.toString(),
        trail(trail)
            + (related.isEmpty() ? "" : "<p>See also</p><ul>\n" + related + "</ul>\n")
            + more);
  }

  private static String trail(Map<String, String> trail) {
    var links = new ArrayList<String>();
    trail.forEach((path, title) -> links.add(link(path, title)));
    return "<p>" + String.join(" › ", links) + "</p>";
  }

  private static String link(String path, String text) {
    return "<a href=\"%s\">%s</a>".formatted(escaped(path), escaped(text));
  }

  private static String html(String title, boolean list, String main, String around) {
    return """
    <!doctype html>
    <html lang="en"><head><meta charset="utf-8"><title>%s</title>%s<style>%s</style></head>
    <body><main><h1>%s</h1>
    %s</main>
    <nav>%s</nav></body></html>
    """
        .formatted(
            escaped(title),
            list ? "<meta name=\"robots\" content=\"noindex\">" : "",
            STYLE,
            escaped(title),
            main,
            around);
  }

  private static String escaped(String text) {
    return Entities.escape(text);
  }

  private static byte[] bytes(String html) {
    return html.getBytes(StandardCharsets.UTF_8);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      requests.incrementAndGet();
      String path = exchange.getRequestURI().getPath();
      boolean robots = path.equals("/robots.txt");
      byte[] body = robots ? ROBOTS : pages.join().get(path);
      exchange
          .getResponseHeaders()
          .set("Content-Type", (robots ? "text/plain" : "text/html") + "; charset=utf-8");
      if (body == null) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      boolean head = exchange.getRequestMethod().equals("HEAD");
      exchange.sendResponseHeaders(200, head ? -1 : body.length);
      if (!head) {
        exchange.getResponseBody().write(body);
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}

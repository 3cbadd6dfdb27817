package io.mosaicdb.e2e;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A site on loopback that is two hosts, by address and by name, and remembers every request. Pages
 * are the same on both.
 */
final class CrawledSite implements AutoCloseable {
  /** A request: host without port, path, when it came, in nanoseconds. */
  record Request(String host, String path, long at) {}

  private interface Page {
    void answer(HttpExchange exchange) throws IOException, InterruptedException;
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, Page> pages = new ConcurrentHashMap<>();
  private final List<Request> requests = new ArrayList<>();
  private volatile Duration latency = Duration.ZERO;

  CrawledSite() {
    System.setProperty("sun.net.httpserver.nodelay", "true");
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  /** The host by its address. */
  String first() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** The host by its name. */
  String second() {
    return "http://localhost:" + server.getAddress().getPort();
  }

  CrawledSite page(String path, String title, String text, String... links) {
    var html = new StringBuilder();
    html.append("<!doctype html><html lang=en><head><title>").append(title).append("</title>");
    html.append("<meta name=description content='About ").append(title).append("'>");
    html.append("<style>.hidden {color: red}</style><script>var secret = 'scripted';</script>");
    html.append("</head><body><h1>").append(title).append("</h1><p>").append(text).append("</p>");
    for (var link : links) {
      var parts = link.split("\\|", 2);
      html.append("<p><a href='").append(parts[0]).append("'>");
      html.append(parts.length > 1 ? parts[1] : "next").append("</a></p>");
    }
    return send(path, 200, "text/html; charset=utf-8", html.append("</body></html>").toString());
  }

  CrawledSite send(String path, int status, String type, String body) {
    pages.put(
        path,
        exchange -> {
          exchange.getResponseHeaders().set("Content-Type", type);
          var bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
        });
    return this;
  }

  CrawledSite redirect(String path, String target) {
    pages.put(
        path,
        exchange -> {
          exchange.getResponseHeaders().set("Location", target);
          exchange.sendResponseHeaders(301, -1);
        });
    return this;
  }

  /** Answers nothing for a long time. */
  CrawledSite hang(String path) {
    pages.put(path, _ -> Thread.sleep(Duration.ofMinutes(5)));
    return this;
  }

  CrawledSite latency(Duration each) {
    latency = each;
    return this;
  }

  CrawledSite remove(String path) {
    pages.remove(path);
    return this;
  }

  private void answer(HttpExchange exchange) throws IOException {
    var host = exchange.getRequestHeaders().getFirst("Host").replaceAll(":[0-9]+$", "");
    var path = exchange.getRequestURI().toString();
    synchronized (requests) {
      requests.add(new Request(host, path, System.nanoTime()));
    }
    try (exchange) {
      Thread.sleep(latency);
      var page = pages.get(path);
      if (page == null) {
        exchange.sendResponseHeaders(404, -1);
      } else {
        page.answer(exchange);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** In the order in which they came. */
  List<Request> requests() {
    synchronized (requests) {
      return List.copyOf(requests);
    }
  }

  List<String> paths() {
    return requests().stream().map(Request::path).toList();
  }

  /** How often each page was asked for, robots.txt left out. */
  Map<String, Integer> counts() {
    var counts = new TreeMap<String, Integer>();
    for (var request : requests()) {
      if (!request.path().equals("/robots.txt")) {
        counts.merge(request.host() + request.path(), 1, Integer::sum);
      }
    }
    return counts;
  }

  void forget() {
    synchronized (requests) {
      requests.clear();
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}

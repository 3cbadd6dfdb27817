package io.mosaicdb.crawler.testsite;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Serves folders and pages on loopback as several hosts, told apart by the Host field, and logs
 * every request. Answers conditional requests. Give {@link #hosts()} to the crawler so that it
 * finds the hosts here.
 */
public final class TestSite implements AutoCloseable {
  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("html", "text/html"),
          Map.entry("htm", "text/html"),
          Map.entry("txt", "text/plain"),
          Map.entry("xml", "application/xml"),
          Map.entry("gz", "application/gzip"),
          Map.entry("pdf", "application/pdf"),
          Map.entry("css", "text/css"),
          Map.entry("js", "text/javascript"),
          Map.entry("gif", "image/gif"),
          Map.entry("png", "image/png"),
          Map.entry("jpg", "image/jpeg"),
          Map.entry("svg", "image/svg+xml"));

  /**
   * One request as it came.
   *
   * @param nanos of the monotonic clock, for gaps
   * @param host without port
   * @param target path and query as sent
   * @param validator If-None-Match or If-Modified-Since; empty where neither came
   * @param cookie what came as Cookie; empty where none did
   * @param client the port of the connection's other end: the same for all requests of one
   *     connection
   * @param status of the answer
   */
  public record Request(
      Instant at,
      long nanos,
      String host,
      String method,
      String target,
      String userAgent,
      String validator,
      String cookie,
      int client,
      int status) {}

  /**
   * What a URL answers.
   *
   * @param type the Content-Type; empty for none
   * @param fields further header fields
   */
  public record Answer(int status, String type, Map<String, String> fields, byte[] body) {
    /** A page in UTF-8. */
    public static Answer html(String html) {
      return new Answer(
          200, "text/html; charset=utf-8", Map.of(), html.getBytes(StandardCharsets.UTF_8));
    }

    /** A status, with header fields as name, value, name, value. */
    public static Answer status(int status, String... fields) {
      var map = new TreeMap<String, String>();
      for (int i = 0; i < fields.length; i += 2) {
        map.put(fields[i], fields[i + 1]);
      }
      return new Answer(status, "", map, new byte[0]);
    }

    /** The same with another body. */
    public Answer body(byte[] other) {
      return new Answer(status, type, fields, other);
    }

    /** The same with one more header field. */
    public Answer with(String name, String value) {
      var more = new TreeMap<>(fields);
      more.put(name, value);
      return new Answer(status, type, more, body);
    }
  }

  /** Decides an answer when it is asked for. */
  @FunctionalInterface
  public interface Page {
    Answer answer(Request request) throws IOException;
  }

  static {
    // Else the last piece of an answer waits for the acknowledgement of the one before: 40 ms a
    // page.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, Path> folders = new ConcurrentHashMap<>();
  private final Map<String, Page> pages = new ConcurrentHashMap<>();
  private final List<Request> log = new ArrayList<>();
  private final Map<String, AtomicInteger> running = new ConcurrentHashMap<>();
  private final Map<String, Integer> mostRunning = new ConcurrentHashMap<>();
  private volatile Duration pause = Duration.ZERO;

  private TestSite(int port) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 256);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /** A server on a free port, without any page. */
  public static TestSite open() throws IOException {
    return new TestSite(0);
  }

  /**
   * Serves folders for trying by hand and prints each request. Arguments: port, and host=folder for
   * each host.
   */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length < 2) {
      throw new IllegalArgumentException("say the port, and host=folder for each host");
    }
    var site = new TestSite(Integer.parseInt(arguments[0]));
    for (int i = 1; i < arguments.length; i++) {
      var parts = arguments[i].split("=", 2);
      site.folder(parts[0], Path.of(parts[1]));
    }
    System.out.println("serving " + site.folders + " at " + site.address());
  }

  /** Serves a folder's files as a host; {@code /a/} is {@code a/index.html}. */
  public TestSite folder(String host, Path folder) {
    folders.put(host, folder);
    return this;
  }

  /** Serves one page in HTML. */
  public TestSite page(String host, String target, String html) {
    return answer(host, target, Answer.html(html));
  }

  /** Serves one URL with the same answer each time. */
  public TestSite answer(String host, String target, Answer answer) {
    return answer(host, target, _ -> answer);
  }

  /** Serves one URL with what is decided then; {@code /a/*} stands for all that begins so. */
  public TestSite answer(String host, String target, Page page) {
    pages.put(host + target, page);
    return this;
  }

  /** Serves a redirect. */
  public TestSite redirect(String host, String target, int status, String location) {
    return answer(host, target, Answer.status(status, "Location", location));
  }

  /** Serves a robots.txt. */
  public TestSite robots(String host, String text) {
    return answer(
        host,
        "/robots.txt",
        new Answer(200, "text/plain", Map.of(), text.getBytes(StandardCharsets.UTF_8)));
  }

  /** Stops serving a URL: from now on it is a 404, unless a folder has it. */
  public TestSite remove(String host, String target) {
    pages.remove(host + target);
    return this;
  }

  /** Lets every answer wait. */
  public TestSite pause(Duration each) {
    pause = each;
    return this;
  }

  /** Where this server listens. */
  public InetSocketAddress address() {
    return server.getAddress();
  }

  /** Every host that has a page here, and the address at which it is reached. */
  public Map<String, InetSocketAddress> hosts() {
    var hosts = new HashMap<String, InetSocketAddress>();
    folders.keySet().forEach(host -> hosts.put(host, address()));
    pages.keySet().forEach(key -> hosts.put(key.substring(0, key.indexOf('/')), address()));
    return hosts;
  }

  /** All requests so far, in the order of their answers. */
  public List<Request> requests() {
    synchronized (log) {
      return List.copyOf(log);
    }
  }

  /** The requests to one host in the order in which they came. */
  public List<Request> requests(String host) {
    return requests().stream()
        .filter(request -> request.host().equals(host))
        .sorted((a, b) -> Long.compare(a.nanos(), b.nanos()))
        .toList();
  }

  /** What was asked of one host, in the order in which it came. */
  public List<String> targets(String host) {
    return requests(host).stream().map(Request::target).toList();
  }

  /** How often one URL was asked for. */
  public long count(String host, String target) {
    return targets(host).stream().filter(target::equals).count();
  }

  /**
   * The shortest time between the beginnings of two requests to a host; empty for fewer than two.
   */
  public Optional<Duration> shortestGap(String host) {
    var requests = requests(host);
    long shortest = Long.MAX_VALUE;
    for (int i = 1; i < requests.size(); i++) {
      shortest = Math.min(shortest, requests.get(i).nanos() - requests.get(i - 1).nanos());
    }
    return requests.size() < 2 ? Optional.empty() : Optional.of(Duration.ofNanos(shortest));
  }

  /** The most requests that one host was answering at one time. */
  public int mostAtOnce(String host) {
    return mostRunning.getOrDefault(host, 0);
  }

  /** Forgets the requests so far. */
  public void forget() {
    synchronized (log) {
      log.clear();
    }
    mostRunning.clear();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    long nanos = System.nanoTime();
    var at = Instant.now();
    var fields = exchange.getRequestHeaders();
    var host = host(fields.getFirst("Host"));
    var count = running.computeIfAbsent(host, _ -> new AtomicInteger());
    boolean answering = true;
    mostRunning.merge(host, count.incrementAndGet(), Math::max);
    try (exchange) {
      var etag = fields.getFirst("If-None-Match");
      var since = fields.getFirst("If-Modified-Since");
      var request =
          new Request(
              at,
              nanos,
              host,
              exchange.getRequestMethod(),
              exchange.getRequestURI().toString(),
              text(fields.getFirst("User-Agent")),
              etag != null ? etag : text(since),
              text(fields.getFirst("Cookie")),
              exchange.getRemoteAddress().getPort(),
              0);
      if (pause.isPositive()) {
        Thread.sleep(pause);
      }
      var answer = find(request);
      var tag = answer.fields().getOrDefault("ETag", tag(answer.body()));
      int status = answer.status() == 200 && tag.equals(etag) ? 304 : answer.status();
      record(request, status);
      var headers = exchange.getResponseHeaders();
      answer.fields().forEach(headers::set);
      if (answer.status() == 200) {
        headers.set("ETag", tag);
      }
      if (!answer.type().isEmpty()) {
        headers.set("Content-Type", answer.type());
      }
      // Before the answer: whoever has read it may ask the next before this thread runs again.
      count.decrementAndGet();
      answering = false;
      boolean bodiless = status == 304 || status == 204 || "HEAD".equals(request.method());
      exchange.sendResponseHeaders(
          status, bodiless || answer.body().length == 0 ? -1 : answer.body().length);
      if (!bodiless) {
        exchange.getResponseBody().write(answer.body());
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      if (answering) {
        count.decrementAndGet();
      }
    }
  }

  private void record(Request request, int status) {
    synchronized (log) {
      log.add(
          new Request(
              request.at(),
              request.nanos(),
              request.host(),
              request.method(),
              request.target(),
              request.userAgent(),
              request.validator(),
              request.cookie(),
              request.client(),
              status));
    }
  }

  private Answer find(Request request) throws IOException {
    var key = request.host() + request.target();
    var page = pages.get(key);
    for (int end = key.length(); page == null && end > 0; end = key.lastIndexOf('/', end - 1)) {
      page = pages.get(key.substring(0, end) + "/*");
    }
    if (page != null) {
      return page.answer(request);
    }
    var folder = folders.get(request.host());
    return folder == null ? Answer.status(404) : file(folder, request.target());
  }

  private static Answer file(Path folder, String target) throws IOException {
    int end = target.indexOf('?');
    var path =
        URLDecoder.decode(
            (end < 0 ? target : target.substring(0, end)).replace("+", "%2B"),
            StandardCharsets.UTF_8);
    var file = folder.resolve("." + path).normalize();
    if (!file.startsWith(folder.normalize())) {
      return Answer.status(404);
    }
    if (Files.isDirectory(file)) {
      if (!path.endsWith("/")) {
        return Answer.status(301, "Location", target + "/");
      }
      file = file.resolve("index.html");
    }
    if (!Files.isRegularFile(file)) {
      return Answer.status(404);
    }
    var name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    var type =
        TYPES.getOrDefault(
            name.substring(dot + 1).toLowerCase(Locale.ROOT),
            dot < 0 ? "text/html" : "application/octet-stream");
    return new Answer(200, type, Map.of(), Files.readAllBytes(file));
  }

  private static String host(@Nullable String field) {
    var host = text(field).toLowerCase(Locale.ROOT);
    int colon = host.lastIndexOf(':');
    return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
  }

  private static String text(@Nullable String value) {
    return value == null ? "" : value;
  }

  private static String tag(byte[] body) {
    try {
      var digest = MessageDigest.getInstance("SHA-256").digest(body);
      return '"' + HexFormat.of().formatHex(digest, 0, 12) + '"';
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}

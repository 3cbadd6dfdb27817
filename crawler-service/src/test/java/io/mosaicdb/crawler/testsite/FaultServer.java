package io.mosaicdb.crawler.testsite;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A server that does what servers should not do, each fault under a path of its own; {@code /}
 * links to all of them. It writes to the socket itself, because no library would send such answers.
 *
 * <p>Hosts: {@link #HOST} over HTTP; over HTTPS, {@code tls.faults.test} with a certificate of its
 * own making, {@code other.faults.test} with that of another host, {@code expired.faults.test},
 * {@code plain.faults.test} that talks no TLS, and {@code mute.faults.test} that never shakes
 * hands.
 */
public final class FaultServer implements AutoCloseable {
  /** The host of the faults. */
  public static final String HOST = "faults.test";

  private static final long GIGABYTE = 1L << 30;
  private static final String OK = "<!doctype html><title>Fine</title><p>A page without any fault.";

  /** Writes an answer, or what is left of one. */
  @FunctionalInterface
  private interface Fault {
    void answer(String path, OutputStream out, Socket socket) throws Exception;
  }

  private final Map<String, Fault> faults = new LinkedHashMap<>();
  private final ServerSocket plain;
  private final ServerSocket tls;
  private final ServerSocket expired;
  private final ServerSocket mute;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final List<String> log = new CopyOnWriteArrayList<>();
  private final Map<String, LongAdder> sent = new ConcurrentHashMap<>();
  private final AtomicInteger busy = new AtomicInteger();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private FaultServer() throws IOException, GeneralSecurityException {
    addFaults();
    var loopback = InetAddress.getLoopbackAddress();
    plain = new ServerSocket(0, 256, loopback);
    tls = context("tls.p12").getServerSocketFactory().createServerSocket(0, 256, loopback);
    expired = context("expired.p12").getServerSocketFactory().createServerSocket(0, 256, loopback);
    mute = new ServerSocket(0, 256, loopback);
    accept(plain, true);
    accept(tls, true);
    accept(expired, true);
    accept(mute, false);
  }

  /** A server on free ports. */
  public static FaultServer open() throws IOException, GeneralSecurityException {
    return new FaultServer();
  }

  /** Where the hosts are reached. */
  public Map<String, InetSocketAddress> hosts() {
    return Map.of(
        HOST,
        address(plain),
        "tls.faults.test",
        address(tls),
        "other.faults.test",
        address(tls),
        "expired.faults.test",
        address(expired),
        "plain.faults.test",
        address(plain),
        "mute.faults.test",
        address(mute));
  }

  /** Every path that has a fault of its own. */
  public List<String> paths() {
    return List.copyOf(faults.keySet());
  }

  /** The paths asked for so far. */
  public List<String> requests() {
    return List.copyOf(log);
  }

  /** How many bytes went out for a path. */
  public long sent(String path) {
    var count = sent.get(path);
    return count == null ? 0 : count.sum();
  }

  /** A trust in the certificate of {@code tls.faults.test} alone. */
  public static SSLContext trust() throws IOException, GeneralSecurityException {
    var known = KeyStore.getInstance("PKCS12");
    known.load(null, null);
    known.setCertificateEntry("site", keys("tls.p12").getCertificate("site"));
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(known);
    var context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  @Override
  public void close() throws IOException {
    for (var server : List.of(plain, tls, expired, mute)) {
      server.close();
    }
    for (var socket : open) {
      socket.close();
    }
    threads.shutdownNow();
  }

  private void addFaults() {
    faults.put("/fine", (_, out, _) -> page(out, OK));
    faults.put("/silent", (_, _, _) -> forever());
    faults.put(
        "/slow-headers",
        (_, out, _) -> {
          ascii(out, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-Slow: ");
          drip(out);
        });
    faults.put(
        "/stalled-body",
        (_, out, _) -> {
          head(out, "text/html", "Content-Length: 1000");
          ascii(out, "<p>And then");
          forever();
        });
    faults.put(
        "/slow-body",
        (_, out, _) -> {
          head(out, "text/html", "Content-Length: 1000000");
          drip(out);
        });
    faults.put("/closed", (_, _, _) -> {});
    faults.put("/reset", (_, _, socket) -> socket.setSoLinger(true, 0));
    faults.put(
        "/reset-body",
        (_, out, socket) -> {
          head(out, "text/html", "Content-Length: 1000000");
          ascii(out, "<p>And then");
          // The client has to see what was sent before it sees the reset.
          Thread.sleep(50);
          socket.setSoLinger(true, 0);
        });
    faults.put(
        "/busy",
        (_, out, _) -> {
          if (busy.incrementAndGet() == 1) {
            ascii(
                out,
                "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n");
          } else {
            page(out, OK);
          }
        });
    faults.put(
        "/busy-until",
        (_, out, _) -> {
          var until = Instant.now().plusSeconds(3600).atOffset(ZoneOffset.UTC);
          ascii(
              out,
              "HTTP/1.1 503 Service Unavailable\r\nRetry-After: %s\r\nContent-Length: 0\r\n\r\n"
                  .formatted(DateTimeFormatter.RFC_1123_DATE_TIME.format(until)));
        });
    for (int i = 1; i <= 5; i++) {
      faults.put(
          "/storm-" + i,
          (_, out, _) -> ascii(out, "HTTP/1.1 500 Oh\r\nContent-Length: 2\r\n\r\nno"));
    }
    faults.put("/loop-a", (_, out, _) -> moved(out, "/loop-b"));
    faults.put("/loop-b", (_, out, _) -> moved(out, "/loop-a"));
    faults.put("/onward-0", (_, out, _) -> moved(out, "/onward-1"));
    faults.put(
        "/to-metadata", (_, out, _) -> moved(out, "http://169.254.169.254/latest/meta-data/"));
    faults.put("/to-mapped", (_, out, _) -> moved(out, "http://[::ffff:127.0.0.1]:1/"));
    faults.put("/to-file", (_, out, _) -> moved(out, "file:///etc/passwd"));
    faults.put(
        "/to-nowhere",
        (_, out, _) -> ascii(out, "HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n"));
    faults.put(
        "/short",
        (_, out, _) -> {
          head(out, "text/html", "Content-Length: 5000");
          ascii(out, OK);
        });
    faults.put(
        "/long",
        (_, out, _) -> {
          head(out, "text/html", "Content-Length: " + OK.length());
          ascii(out, OK + "x".repeat(5000));
        });
    faults.put(
        "/cut-chunks",
        (_, out, _) -> {
          head(out, "text/html", "Transfer-Encoding: chunked");
          ascii(out, "40\r\n<p>This chunk");
        });
    faults.put(
        "/bad-chunks",
        (_, out, _) -> {
          head(out, "text/html", "Transfer-Encoding: chunked");
          ascii(out, "zz\r\n<p>\r\n");
        });
    faults.put(
        "/gzip-bomb",
        (_, out, _) -> {
          head(out, "text/html", "Content-Encoding: gzip");
          try (var gzip = new GZIPOutputStream(out, 1 << 16)) {
            zeros(gzip);
          }
        });
    faults.put(
        "/not-gzip",
        (_, out, _) -> {
          head(out, "text/html", "Content-Encoding: gzip");
          ascii(out, OK);
        });
    faults.put(
        "/cut-gzip",
        (_, out, _) -> {
          var whole = gzip(OK.repeat(50));
          int half = whole.length / 2;
          head(out, "text/html", "Content-Encoding: gzip\r\nContent-Length: " + half);
          out.write(whole, 0, half);
        });
    faults.put(
        "/brotli",
        (_, out, _) -> {
          head(out, "text/html", "Content-Encoding: br");
          ascii(out, "whatever");
        });
    faults.put(
        "/gigabyte",
        (_, out, _) -> {
          head(out, "text/html", "Content-Length: " + GIGABYTE);
          zeros(out);
        });
    faults.put(
        "/endless",
        (_, out, _) -> {
          head(out, "text/html", "X-Ends: never");
          zeros(out);
        });
    faults.put(
        "/film",
        (_, out, _) -> {
          head(out, "video/mp4", "Content-Length: " + GIGABYTE);
          zeros(out);
        });
    faults.put(
        "/many-headers",
        (_, out, _) -> {
          ascii(out, "HTTP/1.1 200 OK\r\n");
          for (int i = 0; i < 1_000_000; i++) {
            ascii(out, "X-Field-" + i + ": and another one\r\n");
          }
        });
    faults.put(
        "/long-header",
        (_, out, _) -> {
          ascii(out, "HTTP/1.1 200 OK\r\nX-Long: ");
          zeros(out);
        });
    faults.put("/not-http", (_, out, _) -> ascii(out, "SSH-2.0-OpenSSH_9.9\r\n".repeat(20)));
    faults.put(
        "/odd-header",
        (_, out, _) -> {
          head(out, "text/html", "this is no field\r\nContent-Length: " + OK.length());
          ascii(out, OK);
        });
    faults.put("/latin-1", (_, out, _) -> charset(out, "ISO-8859-1", "caf\u00e9 au lait"));
    faults.put(
        "/cyrillic",
        (_, out, _) -> charset(out, "windows-1251", "\u043f\u0440\u0438\u0432\u0435\u0442"));
    faults.put("/japanese", (_, out, _) -> charset(out, "Shift_JIS", "\u6771\u4eac\u90fd"));
    faults.put("/utf-16", (_, out, _) -> charset(out, "UTF-16", "caf\u00e9"));
    faults.put("/more/0", this::more);
    faults.put("/calendar?month=12", this::calendar);
  }

  // Every page links to one that does not exist until it is asked for.
  private void more(String path, OutputStream out, Socket socket) throws IOException {
    long number = Long.parseLong(path.substring(path.lastIndexOf('/') + 1));
    page(
        out,
        "<title>%d</title><p>Page number %d of as many as you like.<a href=/more/%d>more</a><a href=deeper/%d>deeper</a>"
            .formatted(number, number, number + 1, number));
  }

  private void calendar(String path, OutputStream out, Socket socket) throws IOException {
    long month = Long.parseLong(path.substring(path.indexOf('=') + 1));
    page(
        out,
        "<title>Month %d</title><p>Nothing happens in month %d.<a href='/calendar?month=%d'>next</a>"
            .formatted(month, month, month + 1));
  }

  private static InetSocketAddress address(ServerSocket server) {
    return new InetSocketAddress(server.getInetAddress(), server.getLocalPort());
  }

  private void accept(ServerSocket server, boolean answers) {
    threads.execute(() -> {
      try {
        while (true) {
          var socket = server.accept();
          open.add(socket);
          if (answers) {
            threads.execute(() -> serve(socket));
          }
        }
      } catch (IOException _) {
        // The server was closed.
      }
    });
  }

  private void serve(Socket socket) {
    try (socket) {
      var in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
      var line = in.readLine();
      if (line == null || !line.startsWith("GET ")) {
        return;
      }
      var path = line.split(" ")[1];
      for (var field = in.readLine(); field != null && !field.isEmpty(); field = in.readLine()) {
        // Nothing in a request changes the fault.
      }
      log.add(path);
      var counted = new CountedStream(socket.getOutputStream(), path);
      if (path.equals("/")) {
        index(counted);
      } else {
        fault(path).answer(path, counted, socket);
      }
      counted.flush();
    } catch (Exception _) {
      // The client went away in the middle of a fault, as it should.
    } finally {
      open.remove(socket);
    }
  }

  private Fault fault(String path) {
    var fault = faults.get(path);
    if (fault != null) {
      return fault;
    }
    if (path.startsWith("/more/")) {
      return this::more;
    }
    if (path.startsWith("/calendar?month=")) {
      return this::calendar;
    }
    if (path.startsWith("/onward-")) {
      long number = Long.parseLong(path.substring("/onward-".length()));
      return (_, out, _) -> moved(out, "/onward-" + (number + 1));
    }
    return (_, out, _) -> ascii(out, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
  }

  private void index(OutputStream out) throws IOException {
    var page = new StringBuilder("<!doctype html><title>Faults</title>");
    faults.keySet().forEach(path -> page.append("<p><a href='" + path + "'>" + path + "</a>"));
    for (var host : List.of("tls", "other", "expired", "plain", "mute")) {
      page.append("<p><a href='https://" + host + ".faults.test/fine'>" + host + "</a>");
    }
    page(out, page.toString());
  }

  private static void page(OutputStream out, String html) throws IOException {
    var bytes = html.getBytes(StandardCharsets.UTF_8);
    head(out, "text/html; charset=utf-8", "Content-Length: " + bytes.length);
    out.write(bytes);
  }

  private static void charset(OutputStream out, String charset, String text) throws IOException {
    var html = "<!doctype html><title>" + text + "</title><p>" + text + " in " + charset;
    var bytes = html.getBytes(Charset.forName(charset));
    head(out, "text/html; charset=" + charset, "Content-Length: " + bytes.length);
    out.write(bytes);
  }

  private static void moved(OutputStream out, String target) throws IOException {
    ascii(out, "HTTP/1.1 302 Found\r\nLocation: " + target + "\r\nContent-Length: 0\r\n\r\n");
  }

  private static void head(OutputStream out, String type, String field) throws IOException {
    ascii(
        out,
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: "
            + type
            + "\r\n"
            + field
            + "\r\n\r\n");
  }

  private static void ascii(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static void drip(OutputStream out) throws IOException, InterruptedException {
    while (true) {
      out.write('x');
      out.flush();
      Thread.sleep(20);
    }
  }

  private static void zeros(OutputStream out) throws IOException {
    var zeros = new byte[1 << 16];
    for (long n = 0; n < GIGABYTE; n += zeros.length) {
      out.write(zeros);
    }
  }

  private static void forever() throws InterruptedException {
    Thread.sleep(Duration.ofHours(1));
  }

  private static byte[] gzip(String text) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  private static SSLContext context(String file) throws IOException, GeneralSecurityException {
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(keys(file), "testsite".toCharArray());
    var context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  private static KeyStore keys(String file) throws IOException, GeneralSecurityException {
    var store = KeyStore.getInstance("PKCS12");
    try (InputStream in = FaultServer.class.getResourceAsStream("/testsite/" + file)) {
      store.load(in, "testsite".toCharArray());
    }
    return store;
  }

  private final class CountedStream extends OutputStream {
    private final OutputStream out;
    private final LongAdder count;

    CountedStream(OutputStream out, String path) {
      this.out = out;
      this.count = sent.computeIfAbsent(path, _ -> new LongAdder());
    }

    @Override
    public void write(int b) throws IOException {
      out.write(b);
      count.increment();
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
      count.add(length);
    }

    @Override
    public void flush() throws IOException {
      out.flush();
    }
  }
}

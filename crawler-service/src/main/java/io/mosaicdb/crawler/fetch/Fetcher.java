package io.mosaicdb.crawler.fetch;

import io.mosaicdb.crawler.fetch.AddressGuard.AddressRefusedException;
import io.mosaicdb.crawler.fetch.BodyReader.UnusableBodyException;
import io.mosaicdb.crawler.fetch.FetchOutcome.Content;
import io.mosaicdb.crawler.fetch.FetchOutcome.Failed;
import io.mosaicdb.crawler.fetch.FetchOutcome.Moved;
import io.mosaicdb.crawler.fetch.FetchOutcome.Rejected;
import io.mosaicdb.crawler.fetch.FetchOutcome.Unchanged;
import io.mosaicdb.crawler.url.UrlNormalizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.ParseException;
import org.apache.hc.core5.http.TruncatedChunkException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultHttpResponseParserFactory;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.io.HttpResponseInformationCallback;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.http.message.BasicLineParser;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.CharArrayBuffer;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Fetches one URL for each call. Calls block, meant for virtual threads; any number may run at one
 * time, and those to one host share its connections in turn. Sends no cookies and no credentials,
 * follows no redirect, and tries nothing twice, but for a kept connection that the server had
 * closed before it took the request. Memory for a call is bounded by the largest body allowed.
 */
public final class Fetcher implements AutoCloseable {
  private static final String STAGE = "mosaic.stage";
  // What is left of an unwanted answer is read up to here, so that its connection can be kept.
  private static final int MOST_DRAINED = 64 << 10;
  private static final int LONGEST_HEADER_LINE = 16 << 10;
  private static final int MOST_HEADERS = 200;

  private final FetchSettings settings;
  private final Clock clock;
  private final AddressGuard guard;
  private final CloseableHttpClient client;
  private final ScheduledExecutorService watch = watch();

  public Fetcher(FetchSettings settings) {
    this(settings, InetAddress::getAllByName, Clock.systemUTC());
  }

  Fetcher(FetchSettings settings, AddressGuard.Names names, Clock clock) {
    this.settings = settings;
    this.clock = clock;
    var exceptions = new ArrayList<>(settings.allowAddresses());
    var proxy = settings.proxy();
    if (proxy != null) {
      exceptions.add(proxy.getHost());
    }
    guard = new AddressGuard(names, exceptions, settings.hosts(), settings.connectTimeout());
    client = client(settings, proxy);
  }

  /** Fetches a page: text, or what else the settings name. */
  public FetchOutcome fetch(FetchRequest request) throws InterruptedException {
    var get = get(request.url());
    if (request.etag() != null) {
      get.setHeader("If-None-Match", request.etag());
    }
    if (request.lastModified() != null) {
      get.setHeader("If-Modified-Since", request.lastModified());
    }
    get.setHeader("Accept", accept());
    return fetch(
        request.url(), get, false, new BodyReader(settings.mostBytes(), settings.mostExpansion()));
  }

  /**
   * Fetches the beginning of a file of any type, such as robots.txt or a sitemap. Content longer
   * than the bound is cut there, and is no failure.
   */
  public FetchOutcome fetchBeginning(URI url, int mostBytes) throws InterruptedException {
    var get = get(url);
    get.setHeader("Accept", "*/*");
    return fetch(url, get, true, new BodyReader(mostBytes, settings.mostExpansion()));
  }

  @Override
  public void close() {
    watch.shutdownNow();
    try {
      client.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      guard.close();
    }
  }

  private FetchOutcome fetch(URI url, HttpGet get, boolean beginning, BodyReader reader)
      throws InterruptedException {
    var refused = refusedLiteral(url);
    if (refused != null) {
      return refused;
    }
    var stage = new Stage(get);
    var total = stage.stopAfter(settings.totalTimeout(), FailureReason.TOTAL_TIMEOUT);
    try {
      try {
        return exchange(url, get, beginning, reader, stage);
      } catch (IOException | HttpException e) {
        if (!stage.keptConnectionWasClosed() || stage.stopped != null || interrupted(e)) {
          throw e;
        }
        stage.again();
        return exchange(url, get, beginning, reader, stage);
      }
    } catch (IOException | HttpException e) {
      if (stage.stopped == null && interrupted(e)) {
        Thread.interrupted();
        throw new InterruptedException("interrupted while fetching " + url);
      }
      return failure(e, stage);
    } finally {
      total.cancel(false);
    }
  }

  private FetchOutcome exchange(
      URI url, HttpGet get, boolean beginning, BodyReader reader, Stage stage)
      throws IOException, HttpException {
    var context = HttpClientContext.create();
    context.setAttribute(STAGE, stage);
    var host = new HttpHost(url.getScheme(), url.getHost(), url.getPort());
    // Not in try-with-resources: closing would read what was left unread to its end. After the end
    // of
    // a body cancelling does nothing: its connection has gone back to the others.
    var response = client.executeOpen(host, get, context);
    try {
      stage.at = Stage.At.BODY;
      return outcome(url, response, beginning, reader);
    } finally {
      get.cancel();
    }
  }

  private FetchOutcome outcome(
      URI url, ClassicHttpResponse response, boolean beginning, BodyReader reader)
      throws IOException {
    var at = clock.instant();
    int status = response.getCode();
    var headers = headers(response);
    return switch (status) {
      case 200, 203 -> content(url, response, headers, beginning, reader, at);
      case 304 -> new Unchanged(url, headers, at);
      case 301, 302, 303, 307, 308 -> {
        drain(response);
        yield moved(url, status, headers);
      }
      default -> {
        drain(response);
        yield new Rejected(
            status,
            headers.first("Retry-After").flatMap(field -> RetryAfter.read(field, at)).orElse(null));
      }
    };
  }

  private FetchOutcome content(
      URI url,
      ClassicHttpResponse response,
      ResponseHeaders headers,
      boolean beginning,
      BodyReader reader,
      Instant at)
      throws IOException {
    var problem = unwanted(response, headers, beginning);
    if (problem != null) {
      return problem;
    }
    var entity = response.getEntity();
    var body =
        entity == null
            ? new byte[0]
            : reader.read(entity.getContent(), headers.all("Content-Encoding"), beginning).bytes();
    return new Content(url, response.getCode(), headers, body, at);
  }

  private static FetchOutcome moved(URI url, int status, ResponseHeaders headers) {
    var location = headers.first("Location");
    if (location.isEmpty()) {
      return new Failed(
          FailureReason.BAD_REDIRECT, "status " + status + " without the field Location");
    }
    var target = UrlNormalizer.normalize(url, location.get());
    return target.isEmpty()
        ? new Failed(FailureReason.BAD_REDIRECT, "it leads to " + shortened(location.get()))
        : new Moved(url, target.get(), status);
  }

  // What the head says is enough to leave the body alone.
  private @Nullable Failed unwanted(
      ClassicHttpResponse response, ResponseHeaders headers, boolean beginning) {
    if (beginning) {
      return null;
    }
    var type = headers.mediaType();
    if (type.isPresent() && !accepts(settings.types(), type.get())) {
      return new Failed(FailureReason.UNSUPPORTED_TYPE, "the content is " + shortened(type.get()));
    }
    HttpEntity entity = response.getEntity();
    if (entity != null
        && headers.first("Content-Encoding").isEmpty()
        && entity.getContentLength() > settings.mostBytes()) {
      return new Failed(
          FailureReason.TOO_LARGE,
          "the body has %d bytes, at most %d are read"
              .formatted(entity.getContentLength(), settings.mostBytes()));
    }
    return null;
  }

  private static boolean accepts(Set<String> types, String type) {
    int slash = type.indexOf('/');
    return types.contains("*")
        || types.contains(type)
        || (slash > 0 && types.contains(type.substring(0, slash) + "/*"));
  }

  private static void drain(ClassicHttpResponse response) throws IOException {
    var entity = response.getEntity();
    if (entity != null && entity.getContentLength() <= MOST_DRAINED) {
      // At the end of the body the connection goes back to the others by itself.
      entity.getContent().readNBytes(MOST_DRAINED + 1);
    }
  }

  private FetchOutcome failure(Exception e, Stage stage) {
    var stopped = stage.stopped;
    if (stopped != null) {
      return new Failed(stopped, "no end after " + bound(stopped).toMillis() + " ms");
    }
    return switch (e) {
      case UnusableBodyException body -> new Failed(body.reason(), text(body));
      case AddressRefusedException refused ->
          new Failed(FailureReason.ADDRESS_REFUSED, text(refused));
      case UnknownHostException unknown -> new Failed(FailureReason.DNS, text(unknown));
      case ConnectTimeoutException late -> new Failed(FailureReason.CONNECT_TIMEOUT, text(late));
      case ConnectionRequestTimeoutException _ ->
          new Failed(
              FailureReason.TOTAL_TIMEOUT, "its host's connections were busy with other pages");
      case SocketTimeoutException late -> new Failed(timeout(stage), text(late));
      case ConnectException refused -> new Failed(FailureReason.CONNECT, text(refused));
      case NoRouteToHostException route -> new Failed(FailureReason.CONNECT, text(route));
      case SSLException tls -> new Failed(FailureReason.TLS, text(tls));
      case MessageConstraintException large ->
          new Failed(FailureReason.HEADERS_TOO_LARGE, text(large));
      case TruncatedChunkException cut -> new Failed(FailureReason.TRUNCATED, text(cut));
      case MalformedChunkCodingException chunk -> new Failed(FailureReason.PROTOCOL, text(chunk));
      case NoHttpResponseException none -> new Failed(FailureReason.RESET, text(none));
      case ConnectionClosedException closed ->
          new Failed(
              stage.at == Stage.At.BODY ? FailureReason.TRUNCATED : FailureReason.RESET,
              text(closed));
      case SocketException socket ->
          new Failed(
              switch (stage.at) {
                case CONNECT -> FailureReason.CONNECT;
                case TLS -> FailureReason.TLS;
                case HEAD, BODY -> FailureReason.RESET;
              },
              text(socket));
      default ->
          new Failed(
              stage.at == Stage.At.TLS ? FailureReason.TLS : FailureReason.PROTOCOL, text(e));
    };
  }

  private static FailureReason timeout(Stage stage) {
    return switch (stage.at) {
      case CONNECT -> FailureReason.CONNECT_TIMEOUT;
      case TLS -> FailureReason.TLS_TIMEOUT;
      case HEAD -> FailureReason.HEADERS_TIMEOUT;
      case BODY -> FailureReason.BODY_TIMEOUT;
    };
  }

  private Duration bound(FailureReason reason) {
    return switch (reason) {
      case TLS_TIMEOUT -> settings.tlsTimeout();
      case HEADERS_TIMEOUT -> settings.headersTimeout();
      default -> settings.totalTimeout();
    };
  }

  // Behind a proxy no address passes the guard but those that stand in a URL.
  private @Nullable Failed refusedLiteral(URI url) {
    var host = url.getHost();
    if (settings.proxy() == null || !AddressRange.isAddress(host.replaceAll("[\\[\\]]", ""))) {
      return null;
    }
    return guard.allows(InetAddress.ofLiteral(host.replaceAll("[\\[\\]]", "")))
        ? null
        : new Failed(FailureReason.ADDRESS_REFUSED, "a crawl may not reach " + host);
  }

  private HttpGet get(URI url) {
    var get = new HttpGet(url);
    get.setHeader("Accept-Encoding", "gzip, deflate");
    return get;
  }

  private String accept() {
    return settings.types().contains("*")
        ? "*/*"
        : settings.types().stream().sorted().collect(Collectors.joining(", "));
  }

  private static ResponseHeaders headers(ClassicHttpResponse response) {
    var fields = new ArrayList<ResponseHeaders.Field>();
    for (var header : response.getHeaders()) {
      fields.add(
          new ResponseHeaders.Field(
              header.getName(), header.getValue() == null ? "" : header.getValue()));
    }
    return new ResponseHeaders(fields);
  }

  private static boolean interrupted(Throwable e) {
    return Thread.currentThread().isInterrupted()
        || e.getCause() instanceof InterruptedException
        || e.getCause() instanceof CancellationException;
  }

  private static String text(Exception e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : shortened(e.getMessage());
  }

  private static String shortened(String text) {
    return text.length() <= 300 ? text : text.substring(0, 300) + "…";
  }

  private CloseableHttpClient client(FetchSettings settings, @Nullable URI proxy) {
    var heads =
        Http1Config.custom()
            .setMaxLineLength(LONGEST_HEADER_LINE)
            .setMaxHeaderCount(MOST_HEADERS)
            .setMaxEmptyLineCount(4)
            .build();
    var connections =
        PoolingHttpClientConnectionManagerBuilder.create()
            .setDnsResolver(guard)
            .setTlsSocketStrategy(tls(settings.tls()))
            .setConnectionFactory(
                ManagedHttpClientConnectionFactory.builder()
                    .http1Config(heads)
                    // The client's own skips lines until one looks like HTTP.
                    .responseParserFactory(
                        new DefaultHttpResponseParserFactory(heads, new LaxFields(), null))
                    .build())
            .setDefaultSocketConfig(
                SocketConfig.custom()
                    .setSoTimeout(timeout(settings.headersTimeout()))
                    .setTcpNoDelay(true)
                    .build())
            .setDefaultConnectionConfig(
                ConnectionConfig.custom()
                    .setConnectTimeout(timeout(settings.connectTimeout()))
                    .setSocketTimeout(timeout(settings.headersTimeout()))
                    .setValidateAfterInactivity(TimeValue.ofSeconds(1))
                    .setTimeToLive(TimeValue.ofMinutes(10))
                    .build())
            .setDefaultTlsConfig(
                TlsConfig.custom().setHandshakeTimeout(timeout(settings.tlsTimeout())).build())
            .setMaxConnPerRoute(settings.connectionsPerHost())
            .setMaxConnTotal(10_000)
            .build();
    var builder =
        HttpClients.custom()
            .setConnectionManager(connections)
            .setRequestExecutor(new StagedExecutor(settings))
            .setUserAgent(settings.userAgent())
            .setDefaultRequestConfig(
                RequestConfig.custom()
                    .setConnectionRequestTimeout(timeout(settings.totalTimeout()))
                    .setResponseTimeout(timeout(settings.headersTimeout()))
                    .build())
            .evictIdleConnections(TimeValue.ofSeconds(30))
            .disableRedirectHandling()
            .disableCookieManagement()
            .disableAuthCaching()
            .disableContentCompression()
            .disableAutomaticRetries();
    if (proxy != null) {
      builder.setProxy(new HttpHost(proxy.getScheme(), proxy.getHost(), proxy.getPort()));
    }
    return builder.build();
  }

  private static ScheduledExecutorService watch() {
    var watch =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("crawler-watch").factory());
    // Nearly every end is cancelled; kept until its time it would hold its fetch for minutes.
    watch.setRemoveOnCancelPolicy(true);
    return watch;
  }

  private static Timeout timeout(Duration duration) {
    return Timeout.of(duration);
  }

  private TlsSocketStrategy tls(@Nullable SSLContext trust) {
    TlsSocketStrategy handshake =
        trust == null
            ? DefaultClientTlsStrategy.createSystemDefault()
            : new DefaultClientTlsStrategy(trust);
    return (socket, host, port, attachment, context) -> {
      var stage = stage(context);
      stage.at = Stage.At.TLS;
      var late =
          stage.stopAfter(
              settings.tlsTimeout(),
              FailureReason.TLS_TIMEOUT,
              () -> {
                // Closing it is what ends a handshake that goes on byte by byte.
                socket.close();
              });
      try {
        return handshake.upgrade(socket, host, port, attachment, context);
      } finally {
        late.cancel(false);
      }
    };
  }

  private static Stage stage(HttpContext context) {
    return (Stage) context.getAttribute(STAGE);
  }

  /** Takes a line that is no header field for a field without a value, as browsers do. */
  private static final class LaxFields extends BasicLineParser {
    @Override
    public Header parseHeader(CharArrayBuffer line) {
      try {
        return super.parseHeader(line);
      } catch (ParseException _) {
        return new BasicHeader(line.toString(), "");
      }
    }
  }

  /** Watches that the head of an answer comes in time, and gives its body another time-out. */
  private static final class StagedExecutor extends HttpRequestExecutor {
    private final FetchSettings settings;

    StagedExecutor(FetchSettings settings) {
      this.settings = settings;
    }

    @Override
    public ClassicHttpResponse execute(
        ClassicHttpRequest request,
        HttpClientConnection connection,
        HttpResponseInformationCallback information,
        HttpContext context)
        throws IOException, HttpException {
      var stage = stage(context);
      stage.at = Stage.At.HEAD;
      stage.reused = connection.getEndpointDetails().getRequestCount() > 0;
      var late = stage.stopAfter(settings.headersTimeout(), FailureReason.HEADERS_TIMEOUT);
      try {
        var response = super.execute(request, connection, information, context);
        connection.setSocketTimeout(timeout(settings.bodyTimeout()));
        return response;
      } finally {
        late.cancel(false);
      }
    }
  }

  /** How far a fetch is, and what stops it. */
  private final class Stage {
    enum At {
      CONNECT,
      TLS,
      HEAD,
      BODY
    }

    /** Ends what a fetch waits for. */
    interface Stop {
      void run() throws IOException;
    }

    private final HttpGet get;
    private volatile At at = At.CONNECT;
    private volatile @Nullable FailureReason stopped;
    private boolean reused;

    Stage(HttpGet get) {
      this.get = get;
    }

    ScheduledFuture<?> stopAfter(Duration time, FailureReason reason) {
      return stopAfter(time, reason, () -> {});
    }

    ScheduledFuture<?> stopAfter(Duration time, FailureReason reason, Stop more) {
      return watch.schedule(
          () -> {
            stopped = reason;
            get.cancel();
            try {
              more.run();
            } catch (IOException _) {
              // It is closed already.
            }
          },
          time.toMillis(),
          TimeUnit.MILLISECONDS);
    }

    // The server may close a kept connection at any moment; it has not seen this request then.
    boolean keptConnectionWasClosed() {
      return reused && at == At.HEAD;
    }

    void again() {
      at = At.CONNECT;
      reused = false;
    }
  }
}

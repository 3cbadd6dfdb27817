package io.mosaicdb.crawler.warc;

import io.mosaicdb.crawler.fetch.ResponseHeaders;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.netpreserve.jwarc.MediaType;
import org.netpreserve.jwarc.MessageVersion;
import org.netpreserve.jwarc.WarcCompression;
import org.netpreserve.jwarc.WarcDigest;
import org.netpreserve.jwarc.WarcRecord;
import org.netpreserve.jwarc.WarcRequest;
import org.netpreserve.jwarc.WarcResponse;
import org.netpreserve.jwarc.WarcRevisit;
import org.netpreserve.jwarc.WarcWriter;
import org.netpreserve.jwarc.Warcinfo;

/**
 * Writes exchanges to WARC files in a folder. An answer whose body was stored before, under
 * whatever URL, becomes a revisit record that refers to it; so does a 304. Safe for several
 * threads.
 *
 * <p>What was appended is on disk for certain after {@link #sync}, {@link #close} and each
 * rotation.
 */
public final class WarcArchive implements AutoCloseable {
  static final String FINISHED = ".warc.gz";
  static final String OPEN = ".warc.gz.open";

  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMddHHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

  /** Bodies remembered to tell repetitions; each takes about 300 bytes. */
  private static final int REMEMBERED = 100_000;

  /** A repetition of a shorter body is no shorter as a revisit. */
  private static final int MIN_REVISIT = 512;

  private static final Set<String> TRANSFER =
      Set.of("transfer-encoding", "connection", "keep-alive");
  private static final Set<String> CODING = Set.of("content-encoding", "content-length");

  private final Path folder;
  private final WarcSettings settings;
  private final Clock clock;
  private final Map<String, Stored> stored =
      new LinkedHashMap<>(16, .75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Stored> eldest) {
          return size() > REMEMBERED;
        }
      };

  private int number;
  private @Nullable OpenFile open;
  private boolean closed;

  private record Stored(URI url, Instant at, URI record) {}

  private record OpenFile(Path path, FileChannel channel, WarcWriter writer, URI info) {}

  /**
   * An archive in a folder, which is made where it is missing. Files that a crash left open are
   * finished first.
   */
  public WarcArchive(Path folder, WarcSettings settings, Clock clock) throws IOException {
    this.folder = folder;
    this.settings = settings;
    this.clock = clock;
    Files.createDirectories(folder);
    WarcRecovery.finishOpenFiles(folder);
    try (Stream<Path> files = Files.list(folder)) {
      number = (int) files.filter(file -> file.toString().endsWith(FINISHED)).count();
    }
  }

  /** Adds an exchange: its request and its answer. */
  public synchronized void append(Exchange exchange) throws IOException {
    if (closed) {
      throw new IllegalStateException("the archive " + folder + " is closed");
    }
    OpenFile file = open == null ? start() : open;
    open = file;
    Instant at = exchange.at().truncatedTo(ChronoUnit.MICROS);
    URI response = id();
    file.writer.write(answer(exchange, at, response, file.info));
    file.writer.write(request(exchange, at, response, file.info));
    if (file.channel.position() >= settings.maxFileSize()) {
      finish(file);
    }
  }

  /** Forces what was appended to the disk. */
  public synchronized void sync() throws IOException {
    if (open != null) {
      open.channel.force(true);
    }
  }

  @Override
  public synchronized void close() throws IOException {
    closed = true;
    if (open != null) {
      finish(open);
    }
  }

  private WarcRecord answer(Exchange exchange, Instant at, URI id, URI info) throws IOException {
    WarcDigest payload = sha1(exchange.body());
    if (exchange.status() == 304) {
      var revisit =
          new WarcRevisit.Builder(exchange.url(), WarcRevisit.SERVER_NOT_MODIFIED_1_1)
              .version(MessageVersion.WARC_1_1)
              .recordId(id)
              .date(at)
              .warcinfoId(info);
      return revisit.body(MediaType.HTTP_RESPONSE, head(exchange)).build();
    }
    Stored first = exchange.body().length < MIN_REVISIT ? null : stored.get(payload.toString());
    if (first != null) {
      return new WarcRevisit.Builder(exchange.url(), WarcRevisit.IDENTICAL_PAYLOAD_DIGEST_1_1)
          .version(MessageVersion.WARC_1_1)
          .recordId(id)
          .date(at)
          .warcinfoId(info)
          .payloadDigest(payload)
          .refersTo(first.record, first.url, first.at)
          .body(MediaType.HTTP_RESPONSE, head(exchange))
          .build();
    }
    ByteArrayOutputStream block = new ByteArrayOutputStream(exchange.body().length + 1_024);
    block.writeBytes(head(exchange));
    block.writeBytes(exchange.body());
    stored.put(payload.toString(), new Stored(exchange.url(), at, id));
    return new WarcResponse.Builder(exchange.url())
        .version(MessageVersion.WARC_1_1)
        .recordId(id)
        .date(at)
        .warcinfoId(info)
        .payloadDigest(payload)
        .blockDigest(sha1(block.toByteArray()))
        .body(MediaType.HTTP_RESPONSE, block.toByteArray())
        .build();
  }

  private static WarcRecord request(Exchange exchange, Instant at, URI response, URI info) {
    String path = exchange.url().getRawPath();
    String query = exchange.url().getRawQuery();
    StringBuilder head = new StringBuilder("GET ");
    head.append(path == null || path.isEmpty() ? "/" : path);
    if (query != null) {
      head.append('?').append(query);
    }
    head.append(" HTTP/1.1\r\n");
    if (exchange.request().first("Host").isEmpty()) {
      head.append("Host: ").append(exchange.url().getRawAuthority()).append("\r\n");
    }
    appendFields(head, exchange.request().fields());
    return new WarcRequest.Builder(exchange.url())
        .version(MessageVersion.WARC_1_1)
        .recordId(id())
        .date(at)
        .warcinfoId(info)
        .concurrentTo(response)
        .body(MediaType.HTTP_REQUEST, head.toString().getBytes(StandardCharsets.ISO_8859_1))
        .build();
  }

  /** The head of an answer, its fields renamed where they no longer fit the bytes. */
  private static byte[] head(Exchange exchange) {
    StringBuilder head = new StringBuilder("HTTP/1.1 ").append(exchange.status()).append(" \r\n");
    List<ResponseHeaders.Field> fields =
        exchange.headers().fields().stream()
            .map(field -> {
              String name = field.name().toLowerCase(Locale.ROOT);
              boolean gone =
                  TRANSFER.contains(name) || (exchange.decoded() && CODING.contains(name));
              return gone
                  ? new ResponseHeaders.Field("X-Archive-Orig-" + field.name(), field.value())
                  : field;
            })
            .toList();
    appendFields(head, fields);
    return head.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static void appendFields(StringBuilder head, List<ResponseHeaders.Field> fields) {
    for (ResponseHeaders.Field field : fields) {
      // A field is a line: what would begin another one is a space.
      String value = field.value().replace('\r', ' ').replace('\n', ' ');
      head.append(field.name()).append(": ").append(value).append("\r\n");
    }
    head.append("\r\n");
  }

  private OpenFile start() throws IOException {
    number++;
    String name = "%s-%s-%05d".formatted(settings.prefix(), STAMP.format(clock.instant()), number);
    Path path = folder.resolve(name + OPEN);
    FileChannel channel =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    WarcWriter writer = new WarcWriter(channel, WarcCompression.GZIP);
    URI info = id();
    Map<String, List<String>> fields = new LinkedHashMap<>();
    fields.put("software", List.of(settings.software()));
    fields.put("format", List.of("WARC File Format 1.1"));
    fields.put(
        "conformsTo",
        List.of("http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"));
    fields.put("http-header-user-agent", List.of(settings.userAgent()));
    fields.put("robots", List.of("obey"));
    writer.write(
        new Warcinfo.Builder()
            .version(MessageVersion.WARC_1_1)
            .recordId(info)
            .date(clock.instant().truncatedTo(ChronoUnit.MICROS))
            .filename(name + FINISHED)
            .fields(fields)
            .build());
    return new OpenFile(path, channel, writer, info);
  }

  private void finish(OpenFile file) throws IOException {
    open = null;
    file.channel.force(true);
    file.writer.close();
    publish(file.path);
  }

  /** Gives a synced file its final name. */
  static void publish(Path open) throws IOException {
    String name = open.getFileName().toString();
    Path finished = open.resolveSibling(name.substring(0, name.length() - ".open".length()));
    Files.move(open, finished, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel directory = FileChannel.open(finished.toAbsolutePath().getParent())) {
      directory.force(true);
    }
  }

  private static URI id() {
    return URI.create("urn:uuid:" + UUID.randomUUID());
  }

  static WarcDigest sha1(byte[] bytes) {
    try {
      return new WarcDigest("sha1", MessageDigest.getInstance("SHA-1").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-1", e);
    }
  }
}

package io.mosaicdb.crawler.warc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mosaicdb.crawler.fetch.ResponseHeaders;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.netpreserve.jwarc.WarcReader;
import org.netpreserve.jwarc.WarcRecord;
import org.netpreserve.jwarc.WarcResponse;
import org.netpreserve.jwarc.WarcRevisit;

final class WarcArchiveTest {
  private static final Instant AT = Instant.parse("2026-03-01T12:00:00Z");
  private static final Clock CLOCK = Clock.fixed(AT, ZoneOffset.UTC);

  @TempDir Path folder;

  @Test
  void givesBackWhatWasAppendedByteForByte() throws IOException {
    byte[] binary = new byte[70_000];
    new Random(7).nextBytes(binary);
    Exchange page =
        exchange(
            "http://a.example/",
            200,
            "<p>é</p>".getBytes(StandardCharsets.UTF_8),
            "Content-Type",
            "text/html; charset=utf-8",
            "Set-Cookie",
            "a=1",
            "Set-Cookie",
            "b=2");
    Exchange image =
        exchange("http://a.example/i?x=%20&y", 200, binary, "Content-Type", "image/png");
    Exchange missing = exchange("https://a.example/none", 404, new byte[0]);
    Exchange moved = exchange("http://a.example/old", 301, new byte[0], "Location", "/new");

    append(page, image, missing, moved);

    WarcReplay replay = WarcReplay.open(folder);
    assertThat(replay.urls())
        .containsExactlyInAnyOrder(page.url(), image.url(), missing.url(), moved.url());
    for (Exchange original : List.of(page, image, missing, moved)) {
      Exchange replayed = replay.find(original.url()).orElseThrow();
      assertThat(replayed.body()).isEqualTo(original.body());
      assertThat(replayed.status()).isEqualTo(original.status());
      assertThat(replayed.headers()).isEqualTo(original.headers());
      assertThat(replayed.at()).isEqualTo(original.at());
      assertThat(replayed.request().first("User-Agent"))
          .contains("mosaicdb/1 (+http://me.example)");
    }
    assertThat(replay.find(URI.create("http://a.example/never"))).isEmpty();
  }

  @Test
  void keepsFieldsAndBytesInAgreementWhenTheBodyWasDecoded() throws IOException {
    Exchange decoded =
        new Exchange(
            URI.create("http://a.example/"),
            AT,
            ResponseHeaders.NONE,
            200,
            ResponseHeaders.of(
                "Content-Encoding", "gzip", "Content-Length", "3", "Transfer-Encoding", "chunked"),
            "longer than three".getBytes(StandardCharsets.UTF_8),
            true);

    append(decoded);

    WarcResponse stored = (WarcResponse) records().get(1);
    assertThat(stored.http().headers().first("Content-Encoding")).isEmpty();
    assertThat(stored.http().headers().first("X-Archive-Orig-Content-Encoding")).contains("gzip");
    assertThat(stored.http().body().stream().readAllBytes()).isEqualTo(decoded.body());
    Exchange replayed = WarcReplay.open(folder).find(decoded.url()).orElseThrow();
    assertThat(replayed.decoded()).isTrue();
    assertThat(replayed.headers()).isEqualTo(decoded.headers());
  }

  @Test
  void writesRecordsThatItsReaderFindsWholeAndDigested() throws IOException {
    append(exchange("http://a.example/", 200, "hello".getBytes(StandardCharsets.UTF_8)));

    List<WarcRecord> records = records();
    assertThat(records)
        .extracting(WarcRecord::type)
        .containsExactly("warcinfo", "response", "request");
    assertThat(records).allMatch(record -> record.version().toString().equals("WARC/1.1"));
    // sha1 of "hello" in base32, as every archive writes it.
    assertThat(((WarcResponse) records.get(1)).payloadDigest().orElseThrow())
        .hasToString("sha1:VL2MMHO4YXUKFWV63YHTWSBM3GXKSQ2N");
  }

  @Test
  void refersToABodyThatIsThereAndPutsItTogetherAgain() throws IOException {
    byte[] body = "the same words again ".repeat(100).getBytes(StandardCharsets.UTF_8);

    append(
        exchange("http://a.example/first", 200, body, "Content-Type", "text/html"),
        exchange("http://a.example/second", 200, body, "Content-Type", "text/plain"));

    assertThat(records()).filteredOn(record -> record instanceof WarcRevisit).hasSize(1);
    Exchange second =
        WarcReplay.open(folder).find(URI.create("http://a.example/second")).orElseThrow();
    assertThat(second.body()).isEqualTo(body);
    assertThat(second.headers().first("Content-Type")).contains("text/plain");
  }

  @Test
  void answersWithThePageThatANotModifiedConfirms() throws IOException {
    append(
        exchange("http://a.example/", 200, "page".getBytes(StandardCharsets.UTF_8)),
        exchange("http://a.example/", 304, new byte[0]));

    Exchange replayed = WarcReplay.open(folder).find(URI.create("http://a.example/")).orElseThrow();
    assertThat(replayed.status()).isEqualTo(200);
    assertThat(replayed.body()).isEqualTo("page".getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void decodesBodiesThatWereKeptAsTheyCame() throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
      gzip.write("plain words".getBytes(StandardCharsets.UTF_8));
    }
    byte[] torn = Arrays.copyOf(zipped.toByteArray(), 12);

    append(
        exchange("http://a.example/", 200, zipped.toByteArray(), "Content-Encoding", "gzip"),
        exchange("http://a.example/torn", 200, torn, "Content-Encoding", "gzip"));

    WarcReplay replay = WarcReplay.open(folder);
    Exchange whole = replay.find(URI.create("http://a.example/")).orElseThrow();
    assertThat(whole.body()).isEqualTo("plain words".getBytes(StandardCharsets.UTF_8));
    assertThat(whole.decoded()).isTrue();
    Exchange broken = replay.find(URI.create("http://a.example/torn")).orElseThrow();
    assertThat(broken.body()).isEqualTo(torn);
    assertThat(broken.decoded()).isFalse();
  }

  @Test
  void beginsANewFileWhenOneIsFull() throws IOException {
    Random random = new Random(11);
    try (WarcArchive archive = new WarcArchive(folder, settings(20_000), CLOCK)) {
      for (int i = 0; i < 20; i++) {
        byte[] body = new byte[5_000];
        random.nextBytes(body);
        archive.append(exchange("http://a.example/" + i, 200, body));
      }
    }

    List<Path> files = files();
    assertThat(files).hasSizeBetween(4, 6).allMatch(file -> file.toString().endsWith(".warc.gz"));
    assertThat(WarcReplay.open(folder).urls()).hasSize(20);
    try (WarcArchive archive = new WarcArchive(folder, settings(20_000), CLOCK)) {
      archive.append(exchange("http://a.example/more", 200, new byte[1]));
    }
    assertThat(files()).hasSize(files.size() + 1);
  }

  /** A writer that dies leaves any prefix of its file. */
  @Test
  void keepsEveryWholeRecordOfAFileThatWasCutAnywhere() throws IOException {
    append(
        exchange("http://a.example/0", 200, "zero".getBytes(StandardCharsets.UTF_8)),
        exchange("http://a.example/1", 200, "one".getBytes(StandardCharsets.UTF_8)));
    Path file = files().getFirst();
    byte[] whole = Files.readAllBytes(file);
    int secondAnswer = (int) positions(file).get(3).longValue();

    for (int length = 0; length <= whole.length; length += 13) {
      Files.delete(files().getFirst());
      Files.write(
          folder.resolve("crawl-20260301120000-00001.warc.gz.open"), Arrays.copyOf(whole, length));
      try (WarcArchive archive = new WarcArchive(folder, settings(1_000_000), CLOCK)) {
        archive.append(exchange("http://a.example/after", 200, new byte[0]));
      }

      WarcReplay replay = WarcReplay.open(folder);
      assertThat(replay.find(URI.create("http://a.example/after"))).isPresent();
      if (length >= secondAnswer) {
        assertThat(replay.find(URI.create("http://a.example/0")).orElseThrow().body())
            .isEqualTo("zero".getBytes(StandardCharsets.UTF_8));
      }
      for (Path each : files()) {
        Files.delete(each);
      }
      Files.write(folder.resolve("placeholder.warc.gz"), new byte[0]);
    }
  }

  @Test
  void namesAFileThatIsNoArchive() throws IOException {
    Path other =
        Files.writeString(folder.resolve("other.warc"), "this is no archive at all\r\n\r\n");

    assertThatThrownBy(() -> WarcReplay.open(other))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("other.warc");
  }

  private void append(Exchange... exchanges) throws IOException {
    try (WarcArchive archive =
        new WarcArchive(folder, settings(WarcSettings.USUAL_FILE_SIZE), CLOCK)) {
      for (Exchange exchange : exchanges) {
        archive.append(exchange);
      }
    }
  }

  private static WarcSettings settings(long maxFileSize) {
    return new WarcSettings("crawl", maxFileSize, "MosaicDB", "mosaicdb/1 (+http://me.example)");
  }

  private static Exchange exchange(String url, int status, byte[] body, String... headers) {
    return new Exchange(
        URI.create(url),
        AT,
        ResponseHeaders.of("User-Agent", "mosaicdb/1 (+http://me.example)"),
        status,
        ResponseHeaders.of(headers),
        body,
        false);
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  /** The records of the one file, read by jwarc's own reader. */
  private List<WarcRecord> records() throws IOException {
    List<WarcRecord> records = new ArrayList<>();
    for (long position : positions(files().getFirst())) {
      var channel = java.nio.channels.FileChannel.open(files().getFirst());
      channel.position(position);
      records.add(new WarcReader(channel).next().orElseThrow());
    }
    return records;
  }

  private static List<Long> positions(Path file) throws IOException {
    List<Long> positions = new ArrayList<>();
    try (WarcReader reader = new WarcReader(file)) {
      while (reader.next().isPresent()) {
        positions.add(reader.position());
      }
    }
    return positions;
  }
}

package io.mosaicdb.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.mosaicdb.crawler.crawl.LiveWeb;
import io.mosaicdb.crawler.document.DocumentReader;
import io.mosaicdb.crawler.document.DocumentReader.Result;
import io.mosaicdb.crawler.document.DocumentSettings;
import io.mosaicdb.crawler.fetch.FetchOutcome;
import io.mosaicdb.crawler.fetch.FetchRequest;
import io.mosaicdb.crawler.fetch.FetchSettings;
import io.mosaicdb.crawler.page.PageResult;
import io.mosaicdb.crawler.robots.RobotsStore;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The crawler's end and this end of the pipe, with real processes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DocumentReaderTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir private static Path jars;
  private DocumentReader reader;

  /** A folder with one jar, which names the class path of these tests. */
  @BeforeAll
  void start() throws IOException {
    var manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    var classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    manifest
        .getMainAttributes()
        .put(
            Attributes.Name.CLASS_PATH,
            Arrays.stream(classPath.split(File.pathSeparator))
                .map(entry -> Path.of(entry).toUri().toString())
                .collect(Collectors.joining(" ")));
    new JarOutputStream(Files.newOutputStream(jars.resolve("all.jar")), manifest).close();
    reader = reader(128, LONG, LONG);
  }

  @AfterAll
  void stop() {
    reader.close();
  }

  private static DocumentReader reader(int memory, Duration timeout, Duration idle) {
    return new DocumentReader(new DocumentSettings(jars, memory, timeout, idle));
  }

  private static String failure(Result result) {
    return result instanceof Result.Failed failed ? failed.reason() : result.toString();
  }

  @Test
  void documentsOfASiteBecomePages() throws Exception {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
    var files =
        Map.of(
            "/tapirs.pdf", Samples.pdf("On tapirs", "Tapirs have a short snout."),
            "/moles.docx", Samples.docx("Of moles", "They dig."),
            "/broken.pdf", new byte[] {'%', 'P', 'D', 'F', '-'});
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            var path = exchange.getRequestURI().getPath();
            var body = Objects.requireNonNull(files.get(path));
            exchange
                .getResponseHeaders()
                .set("Content-Type", path.endsWith("pdf") ? Samples.PDF : Samples.DOCX);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
          }
        });
    server.start();
    var settings =
        FetchSettings.of("MosaicDB-test/0.1")
            .withHosts(Map.of("docs.example", server.getAddress()));
    try (var web = new LiveWeb(settings, _ -> {}, Clock.systemUTC(), RobotsStore.NONE, reader)) {
      var pdf = read(web, "http://docs.example/tapirs.pdf");
      assertThat(pdf).isInstanceOf(PageResult.Readable.class);
      var page = ((PageResult.Readable) pdf).page();
      assertThat(page.title()).isEqualTo("On tapirs");
      assertThat(page.text()).isEqualTo("Tapirs have a short snout.");
      assertThat(page.links())
          .extracting("target")
          .containsExactly(URI.create("https://docs.example/next"));

      var word = ((PageResult.Readable) read(web, "http://docs.example/moles.docx")).page();
      assertThat(word.headings()).extracting("text").containsExactly("Of moles");

      assertThat(read(web, "http://docs.example/broken.pdf"))
          .isInstanceOfSatisfying(
              PageResult.Unreadable.class,
              broken -> assertThat(broken.reason()).isEqualTo("document_broken"));
    } finally {
      server.stop(0);
    }
  }

  private static PageResult read(LiveWeb web, String url) throws InterruptedException {
    var content = (FetchOutcome.Content) web.fetch(FetchRequest.of(URI.create(url)));
    return web.read(content.url(), content.headers(), content.body());
  }

  @Test
  void whatCannotBeReadHasANameAndStopsNobody() throws InterruptedException {
    assertThat(failure(reader.read(Samples.PDF, Samples.encryptedPdf())))
        .isEqualTo("document_encrypted");
    assertThat(failure(reader.read(Samples.DOCX, Samples.bomb()))).isEqualTo("document_too_costly");
    assertThat(reader.read(Samples.DOCX, Samples.docx("Of moles", "They dig.")))
        .isInstanceOf(Result.Read.class);
  }

  @Test
  void aDocumentThatTakesTooLongEndsItsProcessAndTheNextHasANewOne() throws InterruptedException {
    try (var hasty = reader(128, Duration.ofMillis(1), LONG)) {
      for (int i = 0; i < 2; i++) {
        assertThat(failure(hasty.read(Samples.PDF, Samples.pdf("t", "text"))))
            .isEqualTo("document_timeout");
      }
    }
  }

  @Test
  void aDocumentThatTakesTooMuchMemoryEndsItsProcess() throws InterruptedException {
    try (var small = reader(32, LONG, LONG)) {
      var large = Samples.pdf("t", "x".repeat(20_000_000));
      assertThat(failure(small.read(Samples.PDF, large))).isEqualTo("document_too_costly");
      assertThat(small.read(Samples.PDF, Samples.pdf("t", "small")))
          .isInstanceOf(Result.Read.class);
    }
  }

  @Test
  void itsProcessEndsWhenNothingComes() throws InterruptedException {
    try (var idle = reader(64, LONG, Duration.ofMillis(50))) {
      assertThat(idle.isRunning()).isFalse();
      assertThat(idle.read(Samples.PDF, Samples.pdf("t", "text"))).isInstanceOf(Result.Read.class);
      while (idle.isRunning()) {
        Thread.sleep(10);
      }
      assertThat(idle.read(Samples.PDF, Samples.pdf("t", "text"))).isInstanceOf(Result.Read.class);
    }
  }

  @Test
  void saysWhatIsMissing() throws InterruptedException {
    assertThatThrownBy(() -> new DocumentSettings(jars.resolve("nowhere"), 64, LONG, LONG))
        .hasMessageContaining("mosaic.crawler.documents.jars");
    var empty = jars.resolve("empty");
    assertThat(empty.toFile().mkdir()).isTrue();
    try (var none = new DocumentReader(new DocumentSettings(empty, 64, LONG, LONG))) {
      assertThat(none.read(Samples.PDF, new byte[] {1}))
          .isInstanceOfSatisfying(
              Result.Failed.class,
              failed -> {
                assertThat(failed.reason()).isEqualTo("document_reader_failed");
                assertThat(failed.detail()).contains(empty.toString());
              });
    }
  }
}

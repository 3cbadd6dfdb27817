package io.mosaicdb.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The server of one class of tests, which may kill it. A start costs more than most tests, so each
 * test keeps to namespaces of its own instead of to a server of its own.
 */
final class OwnServer implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {
  private final String[] settings;
  private Path folder = Path.of("");
  private MosaicServer server;

  @SuppressWarnings("NullAway.Init") // started before the first test
  OwnServer(String... settings) {
    this.settings = settings;
  }

  @Override
  public void beforeAll(ExtensionContext context) throws IOException {
    folder = Files.createTempDirectory("mosaic-e2e-");
    server = MosaicServer.start(data(), settings);
  }

  Path data() {
    return folder.resolve("data");
  }

  Api api() {
    return server.api();
  }

  /** As {@code kill -9}, and a new start on what it left. */
  Api killAndRestart() {
    server.kill();
    server = MosaicServer.start(data(), settings);
    return server.api();
  }

  @Override
  public void afterEach(ExtensionContext context) {
    if (context.getExecutionException().isPresent()) {
      System.err.println(
          "The server's log at the failure of " + context.getDisplayName() + ":\n" + server.log());
    }
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException {
    server.close();
    MosaicServer.delete(folder);
  }
}

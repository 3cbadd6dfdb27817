package io.mosaicdb.e2e;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The servers of one test: ended after it, whatever happens, and heard when it fails. */
final class Servers implements AfterEachCallback {
  private final List<MosaicServer> started = new ArrayList<>();

  MosaicServer start(Path data, String... settings) {
    var server = MosaicServer.start(data, settings);
    started.add(server);
    return server;
  }

  @Override
  public void afterEach(ExtensionContext context) {
    started.forEach(MosaicServer::close);
    if (context.getExecutionException().isPresent() && !started.isEmpty()) {
      System.err.println(
          "The last server's log at the failure of "
              + context.getDisplayName()
              + ":\n"
              + started.getLast().log());
    }
  }
}

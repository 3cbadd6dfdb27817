package io.mosaicdb.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestWatcher;

/**
 * Gives tests the one server that they share; each keeps to namespaces of its own. Its services
 * call each other over HTTP, as on several machines; those of the servers that tests start for
 * themselves call each other as they do by default.
 */
final class SharedServer implements ParameterResolver, TestWatcher {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(SharedServer.class);

  /** Lives as long as the run. */
  private record Running(MosaicServer server, Path folder) implements AutoCloseable {
    static Running start() {
      try {
        var folder = Files.createTempDirectory("mosaic-e2e-");
        return new Running(
            MosaicServer.start(folder.resolve("data"), "--mosaic.client.direct-calls=false"),
            folder);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() throws IOException {
      server.close();
      MosaicServer.delete(folder);
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Api.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return running(context).server().api();
  }

  @Override
  public void testFailed(ExtensionContext context, @Nullable Throwable cause) {
    System.err.println(
        "The server's log at the failure of "
            + context.getDisplayName()
            + ":\n"
            + running(context).server().log());
  }

  private static Running running(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(NAMESPACE)
        .computeIfAbsent("server", _ -> Running.start(), Running.class);
  }
}

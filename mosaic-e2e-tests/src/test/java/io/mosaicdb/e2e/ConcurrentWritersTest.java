package io.mosaicdb.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class ConcurrentWritersTest {
  private static final int WRITERS = 10;
  private static final int DOCUMENTS = 100;
  @TempDir Path folder;
  @RegisterExtension final Servers servers = new Servers();

  @Test
  void tenWritersOfAHundredDocumentsLeaveExactlyAThousand()
      throws InterruptedException, ExecutionException {
    var server = servers.start(folder.resolve("data"));
    var namespace = server.api().namespace("writers").createWithClientVectors(150);

    try (var threads = Executors.newFixedThreadPool(WRITERS)) {
      var running = new ArrayList<Future<?>>();
      for (int writer = 0; writer < WRITERS; writer++) {
        int first = writer * DOCUMENTS;
        running.add(
            threads.submit(() -> {
              for (int i = first; i < first + DOCUMENTS; i++) {
                namespace.write(
                    "{\"id\": \"d%d\", \"text\": \"common word%d\", \"vector\": %s}"
                        .formatted(i, i, Vectors8.of(i)));
              }
            }));
      }
      for (var each : running) {
        each.get();
      }
    }

    assertThousand(namespace);
    server.kill();
    assertThousand(servers.start(folder.resolve("data")).api().namespace("writers"));
  }

  private static void assertThousand(NamespaceClient namespace) {
    assertThat(namespace.description().path("documents").asInt()).isEqualTo(1000);
    assertThat(namespace.find("{\"q\": \"common\", \"mode\": \"keyword\", \"limit\": 1000}"))
        .hasSize(1000)
        .doesNotHaveDuplicates();
    assertThat(namespace.find("{\"vector\": %s, \"limit\": 1000}".formatted(Vectors8.of(1))))
        .hasSize(1000)
        .doesNotHaveDuplicates();
  }
}

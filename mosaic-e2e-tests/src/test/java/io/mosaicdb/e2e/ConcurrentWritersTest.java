package io.mosaicdb.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ConcurrentWritersTest {
  private static final int WRITERS = 10;
  private static final int DOCUMENTS = 100;
  @RegisterExtension static final OwnServer SERVER = new OwnServer();

  @Test
  void tenWritersOfAHundredDocumentsLeaveExactlyAThousand()
      throws InterruptedException, ExecutionException {
    var namespace = SERVER.api().namespace("writers").createWithClientVectors(150);

    try (var threads = Executors.newFixedThreadPool(WRITERS)) {
      var running = new ArrayList<Future<?>>();
      for (int writer = 0; writer < WRITERS; writer++) {
        int first = writer * DOCUMENTS;
        running.add(
            threads.submit(() -> {
              for (int i = first; i < first + DOCUMENTS; i++) {
                namespace.write(document(i));
              }
            }));
      }
      for (var each : running) {
        each.get();
      }
    }

    assertThousand(namespace);
    assertThousand(SERVER.killAndRestart().namespace("writers"));
  }

  @Test
  void resultsOfABulkStreamArriveWhileTheClientStillSends() throws IOException {
    var namespace = SERVER.api().namespace("streamed").createWithClientVectors(10_000);
    try (var socket =
        new Socket(InetAddress.getLoopbackAddress(), SERVER.api().address().getPort())) {
      socket.setSoTimeout(60_000);
      var out = socket.getOutputStream();
      out.write(
          ("POST "
                  + namespace.path()
                  + "/bulk HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
                  + "Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII));
      var in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));

      out.write(chunk(0, 4000));
      String first = lineWith(in, "\"created\"");
      out.write(chunk(4000, 4001));
      out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

      assertThat(first).contains("\"line\":1,", "\"id\":\"d0\"");
      assertThat(lineWith(in, "\"summary\"")).contains("\"created\":4001");
    }
  }

  private static byte[] chunk(int from, int to) {
    var lines =
        IntStream.range(from, to).mapToObj(i -> document(i) + "\n").collect(Collectors.joining());
    return (Integer.toHexString(lines.length()) + "\r\n" + lines + "\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static String lineWith(BufferedReader in, String text) throws IOException {
    var line = in.readLine();
    while (line != null && !line.contains(text)) {
      line = in.readLine();
    }
    assertThat(line).as("a line with %s", text).isNotNull();
    return line == null ? "" : line;
  }

  private static String document(int i) {
    return "{\"id\": \"d%d\", \"text\": \"common word%d\", \"vector\": %s}"
        .formatted(i, i, Vectors8.of(i));
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

package io.mosaicdb.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What a document's life looks like to searches, at once and after every kind of restart. */
class DocumentLifecycleTest {
  /** Between what is unrelated and what means the same, for the default model. */
  private static final double ALIKE = 0.58;

  private static final String OTHERS =
      """
      {"id": "bread", "title": "Baking", "text": "Knead the dough and let it rise before it goes into the oven."},
      {"id": "law", "title": "Contracts", "text": "The tenant signs the lease and pays a deposit to the landlord."},
      {"id": "bus", "title": "Buses", "text": "Commuters wait at the stop for the crowded morning bus."},
      {"id": "stars", "title": "Astronomy", "text": "Telescopes gather light from distant galaxies and nebulae."}
      """;

  @TempDir Path folder;
  @RegisterExtension final Servers servers = new Servers();

  @Test
  void pushedUpdatedAndDeletedDocumentsAreSeenAtOnceAndAfterRestartAndSealing() {
    var server = servers.start(folder.resolve("data"));
    var namespace = server.api().namespace("life");

    namespace.write(
        OTHERS,
        """
        {"id": "kept", "title": "Pets", "text": "The kitten naps all afternoon on a warm windowsill."}
        """,
        """
        {"id": "changed", "title": "Note", "text": "A locomotive pulls the carriages across the viaduct."}
        """,
        """
        {"id": "gone", "title": "Weather", "text": "Hailstones shattered the greenhouse during the thunderstorm."}
        """);
    assertKeptIsFound(namespace);
    assertFound(namespace, "changed", "viaduct", "a train drives across a bridge");
    assertFound(namespace, "gone", "hailstones", "severe storm with ice falling from the sky");

    namespace.write(
        """
        {"id": "changed", "title": "Note", "text": "The surgeon operates on the patient's injured knee."}
        """);
    assertIsAnotherText(namespace);
    namespace.deleteAll("gone");
    assertIsGone(namespace);

    server.kill();
    var restarted = servers.start(folder.resolve("data"));
    assertAll(restarted);

    restarted.api().namespace("life").seal();
    assertAll(restarted);

    restarted.stop();
    assertAll(servers.start(folder.resolve("data")));
  }

  private static void assertAll(MosaicServer server) {
    var namespace = server.api().namespace("life");
    assertKeptIsFound(namespace);
    assertIsAnotherText(namespace);
    assertIsGone(namespace);
    assertThat(namespace.description().path("documents").asLong()).isEqualTo(6);
  }

  private static void assertKeptIsFound(NamespaceClient namespace) {
    assertFound(namespace, "kept", "windowsill", "a young cat sleeping in the sun");
  }

  private static void assertIsAnotherText(NamespaceClient namespace) {
    assertFound(namespace, "changed", "surgeon", "medical procedure on a leg");
    assertThat(keyword(namespace, "viaduct")).isEmpty();
    for (var hit : namespace.search(semantic("a train drives across a bridge")).path("hits")) {
      // The old text's similarity was above.
      assertThat(hit.at("/scores/vector/raw").asDouble()).as(hit.toString()).isLessThan(ALIKE);
    }
    assertThat(namespace.document("changed").require(200).body())
        .contains("surgeon")
        .doesNotContain("viaduct");
  }

  private static void assertIsGone(NamespaceClient namespace) {
    assertThat(keyword(namespace, "hailstones")).isEmpty();
    assertThat(namespace.find(semantic("severe storm with ice falling from the sky")))
        .doesNotContain("gone");
    assertThat(namespace.find(hybrid("hailstones in a thunderstorm"))).doesNotContain("gone");
    namespace.document("gone").require(404);
  }

  private static void assertFound(
      NamespaceClient namespace, String id, String word, String paraphrase) {
    assertThat(keyword(namespace, word)).containsExactly(id);
    var best = namespace.search(semantic(paraphrase)).at("/hits/0");
    assertThat(best.path("id").asString()).isEqualTo(id);
    assertThat(best.at("/scores/vector/raw").asDouble()).as(paraphrase).isGreaterThan(ALIKE);
    assertThat(namespace.find(hybrid(word + " " + paraphrase))).first().isEqualTo(id);
  }

  private static List<String> keyword(NamespaceClient namespace, String word) {
    return namespace.find("{\"q\": \"%s\", \"mode\": \"keyword\"}".formatted(word));
  }

  private static String semantic(String question) {
    return "{\"q\": \"%s\", \"mode\": \"semantic\"}".formatted(question);
  }

  private static String hybrid(String question) {
    return "{\"q\": \"%s\", \"mode\": \"hybrid\"}".formatted(question);
  }
}

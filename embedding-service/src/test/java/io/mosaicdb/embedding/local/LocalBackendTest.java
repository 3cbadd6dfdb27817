package io.mosaicdb.embedding.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mosaicdb.contract.embedding.EmbeddingVector;
import io.mosaicdb.contract.embedding.TextKind;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.embedding.backend.EmbeddingBackend;
import io.mosaicdb.embedding.backend.EmbeddingBackendContract;
import io.mosaicdb.model.schema.Metric;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LocalBackendTest extends EmbeddingBackendContract {
  private LocalBackend backend;

  @BeforeAll
  void load() {
    backend = LocalBackend.load(LocalModel.bundled());
  }

  @AfterAll
  void close() {
    backend.close();
  }

  @Override
  protected EmbeddingBackend backend() {
    return backend;
  }

  @Test
  void isTheBundledModelByItsOwnFile() {
    var identity = backend.embedder().identity();

    assertThat(identity.id()).isEqualTo("bge-small-en-v1.5-q");
    assertThat(identity.dimensions()).isEqualTo(384);
    assertThat(identity.revision()).matches("6c9c6101a956-[0-9a-f]{8}");
    assertThat(backend.embedder().maxTokens()).isEqualTo(512);
    assertThat(backend.embedder().prefix(TextKind.QUERY))
        .isEqualTo("Represent this sentence for searching relevant passages: ");
    assertThat(backend.embedder().prefix(TextKind.PASSAGE)).isEmpty();
  }

  @Test
  void findsAParaphraseCloserThanAnotherSubject() {
    EmbeddingVector text = embed("The company's profits rose sharply last quarter.");
    EmbeddingVector paraphrase =
        embed("Earnings of the firm went up a lot in the past three months.");
    EmbeddingVector other = embed("Penguins raise their chicks on the ice.");

    assertThat(cosine(text, paraphrase)).isGreaterThan(cosine(text, other) + 0.2);
  }

  @Test
  void givesTheSameVectorsInParallelAsInTurn() throws Exception {
    var texts = new ArrayList<String>();
    for (int i = 0; i < 40; i++) {
      texts.add("text number " + i + " ".repeat(i % 3) + " and more words".repeat(i % 7));
    }
    List<EmbeddingVector> inTurn = backend.embed(texts);

    try (var threads = Executors.newFixedThreadPool(4)) {
      var futures = new ArrayList<Future<EmbeddingVector>>();
      for (String text : texts) {
        futures.add(threads.submit(() -> embed(text)));
      }
      for (int i = 0; i < texts.size(); i++) {
        assertThat(futures.get(i).get()).isEqualTo(inTurn.get(i));
      }
    }
  }

  @Test
  void refusesATextThatItCannotReadWhole() {
    assertThat(embed("word ".repeat(510))).isNotNull();
    assertThatThrownBy(() -> embed("word ".repeat(511)))
        .isInstanceOf(MosaicException.class)
        .hasMessage("text has 513 tokens, the model reads 512");
  }

  @Test
  void readsTextThatIsNotWellFormed() {
    assertThat(embed("before \uD83D after \uDE42 and \u0000 end")).isNotNull();
  }

  @Test
  void loadsAModelFromFilesAndTellsItApartByHowItIsUsed(@TempDir Path folder) throws Exception {
    Path graph = copy("/bge-small-en-v1.5-q.onnx", folder.resolve("model.onnx"));
    Path tokenizer = copy("/bge-small-en-v1.5-q-tokenizer.json", folder.resolve("tokenizer.json"));
    var model =
        new LocalModel("mine", graph, tokenizer, Pooling.MEAN, 128, "q: ", "p: ", Metric.DOT);

    try (var own = LocalBackend.load(model)) {
      assertThat(own.embedder().identity().id()).isEqualTo("mine");
      assertThat(own.embedder().identity().revision())
          .startsWith("6c9c6101a956-")
          .isNotEqualTo(backend.embedder().identity().revision());
      assertThat(own.embedder().maxTokens()).isEqualTo(128);
      EmbeddingVector mean = own.embed(List.of("hello")).getFirst();
      assertThat(mean).isNotEqualTo(embed("hello"));
      assertThat(cosine(mean, mean)).isNotEqualTo(1);
    }
  }

  @Test
  void namesWhatIsMissing(@TempDir Path folder) {
    Path absent = folder.resolve("absent.onnx");
    assertThatThrownBy(() ->
            LocalBackend.load(
                new LocalModel("m", absent, absent, Pooling.CLS, 512, "", "", Metric.COSINE)))
        .hasMessageContaining("absent.onnx");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new LocalModel("m", absent, null, Pooling.CLS, 512, "", "", Metric.COSINE))
        .withMessageContaining("tokenizer path");
  }

  private EmbeddingVector embed(String text) {
    return backend.embed(List.of(text)).getFirst();
  }

  private static Path copy(String resource, Path target) throws Exception {
    try (var in = LocalBackendTest.class.getResourceAsStream(resource)) {
      assertThat(in).isNotNull();
      Files.copy(in, target);
    }
    return target;
  }
}

package io.mosaicdb.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.mosaicdb.contract.embedding.EmbedRequest;
import io.mosaicdb.contract.embedding.EmbedResponse;
import io.mosaicdb.contract.embedding.EmbeddedPassage;
import io.mosaicdb.contract.embedding.PassageSource;
import io.mosaicdb.contract.embedding.PassagesRequest;
import io.mosaicdb.contract.embedding.TextKind;
import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.embedding.backend.RecordingBackend;
import io.mosaicdb.embedding.cache.EmbeddingCache;
import io.mosaicdb.embedding.passage.PassageSplitter;
import io.mosaicdb.embedding.queue.EmbeddingQueue;
import io.mosaicdb.embedding.queue.QueueSettings;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class EmbeddingsTest {
  private final RecordingBackend backend = new RecordingBackend(1);
  private final EmbeddingQueue queue =
      new EmbeddingQueue(
          backend,
          new QueueSettings(1, 0, Duration.ZERO, 4),
          Thread.ofPlatform().daemon().factory());
  private final Embeddings embeddings = embeddings(Duration.ofSeconds(20));

  @AfterEach
  void close() {
    embeddings.close();
    queue.close();
  }

  @Test
  void putsThePrefixBeforeQueriesOnly() {
    embeddings.embed(new EmbedRequest(TextKind.QUERY, List.of("what")));
    embeddings.embed(new EmbedRequest(TextKind.PASSAGE, List.of("that")));

    assertThat(backend.calls()).containsExactly(List.of("q: what"), List.of("that"));
  }

  @Test
  void asksTheModelOnceForATextThatIsRepeated() {
    EmbedResponse first =
        embeddings.embed(new EmbedRequest(TextKind.QUERY, List.of("a", "b", "a")));
    EmbedResponse second = embeddings.embed(new EmbedRequest(TextKind.QUERY, List.of("b")));

    assertThat(backend.calls()).hasSize(2);
    assertThat(first.vectors().get(0)).isEqualTo(first.vectors().get(2));
    assertThat(second.vectors().getFirst()).isEqualTo(first.vectors().get(1));
    assertThat(first.embedder()).isEqualTo(backend.embedder().identity());
  }

  @Test
  void saysWhichQueriesItCut() {
    String longQuery = "word ".repeat(100).strip();

    EmbedResponse response =
        embeddings.embed(new EmbedRequest(TextKind.QUERY, List.of("short", longQuery)));

    assertThat(response.truncated()).containsExactly(1);
    assertThat(backend.calls().get(1).getFirst()).isEqualTo("q: " + "word ".repeat(29).strip());
  }

  @Test
  void refusesAPassageThatTheModelCannotReadWhole() {
    assertThatThrownBy(() ->
            embeddings.embed(new EmbedRequest(TextKind.PASSAGE, List.of("word ".repeat(100)))))
        .isInstanceOfSatisfying(
            MosaicException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_VALUE))
        .hasMessageStartingWith("/texts/0 must have at most 30 tokens");
  }

  @Test
  void splitsSourcesAndKeepsTheirOrder() {
    String text = "One two three four. ".repeat(12).strip();

    var sources =
        embeddings
            .passages(
                new PassagesRequest(
                    List.of(
                        new PassageSource("T", text),
                        new PassageSource("Only title", ""),
                        new PassageSource(null, " "),
                        new PassageSource(null, "Short."))))
            .sources();

    assertThat(sources).hasSize(4);
    assertThat(sources.get(0).passages()).hasSizeGreaterThan(1);
    assertThat(sources.get(0).passages().getLast().end()).isEqualTo(text.length());
    assertThat(sources.get(1).passages())
        .singleElement()
        .satisfies(p -> assertThat(p.end()).isZero());
    assertThat(sources.get(2).passages()).isEmpty();
    EmbeddedPassage last = sources.get(3).passages().getFirst();
    assertThat(text(last, "Short.")).isEqualTo("Short.");
    assertThat(last.vector()).isEqualTo(backend.embed(List.of("Short.")).getFirst());
  }

  @Test
  void answersARequestWithoutTexts() {
    assertThat(embeddings.embed(new EmbedRequest(TextKind.QUERY, List.of())).vectors()).isEmpty();
    assertThat(embeddings.passages(new PassagesRequest(List.of())).sources()).isEmpty();
  }

  @Test
  void refusesWhatIsTooMuchOrNothing() {
    assertThatThrownBy(() -> embeddings.embed(new EmbedRequest(TextKind.QUERY, List.of("a", " "))))
        .hasMessage("/texts/1 must not be blank");
    String[] many = new String[9];
    Arrays.fill(many, "a");
    assertThatThrownBy(() -> embeddings.embed(new EmbedRequest(TextKind.QUERY, List.of(many))))
        .hasMessage("/texts must have at most 8 entries, got 9");
    assertThatThrownBy(() ->
            embeddings.passages(
                new PassagesRequest(List.of(new PassageSource("", "x".repeat(1_001))))))
        .isInstanceOfSatisfying(
            MosaicException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.PAYLOAD_TOO_LARGE));
  }

  @Test
  void endsARequestAtItsDeadline() {
    var held = backend.hold();
    try (var impatient = embeddings(Duration.ofMillis(50))) {
      assertThatThrownBy(() -> impatient.embed(new EmbedRequest(TextKind.QUERY, List.of("slow"))))
          .isInstanceOfSatisfying(
              MosaicException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED));
    }
    held.countDown();
  }

  @Test
  void triesATextAgainAfterItsFailure() {
    backend.before(texts -> {
      throw new MosaicException(ErrorCode.EMBEDDER_UNAVAILABLE, "down");
    });
    var request = new EmbedRequest(TextKind.QUERY, List.of("again"));
    assertThatThrownBy(() -> embeddings.embed(request)).hasMessage("down");

    backend.before(texts -> {});

    assertThat(embeddings.embed(request).vectors()).hasSize(1);
  }

  private Embeddings embeddings(Duration timeout) {
    return new Embeddings(
        backend,
        queue,
        new EmbeddingCache(100, 1_000_000, new SimpleMeterRegistry()),
        new PassageSplitter(backend.tokens(), "", 24, 6),
        Executors.newFixedThreadPool(1),
        new RequestProperties(8, 1_000, 4, timeout, timeout));
  }

  private static String text(EmbeddedPassage passage, String text) {
    return text.substring(passage.start(), passage.end());
  }
}

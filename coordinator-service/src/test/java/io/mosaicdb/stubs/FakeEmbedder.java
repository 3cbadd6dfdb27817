package io.mosaicdb.stubs;

import io.mosaicdb.contract.embedding.EmbedRequest;
import io.mosaicdb.contract.embedding.EmbedResponse;
import io.mosaicdb.contract.embedding.EmbeddedPassage;
import io.mosaicdb.contract.embedding.EmbedderDescription;
import io.mosaicdb.contract.embedding.EmbeddingApi;
import io.mosaicdb.contract.embedding.EmbeddingVector;
import io.mosaicdb.contract.embedding.PassageSource;
import io.mosaicdb.contract.embedding.PassagesRequest;
import io.mosaicdb.contract.embedding.PassagesResponse;
import io.mosaicdb.contract.embedding.SourcePassages;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RestController;

/** Embeds a text as the counts of its words' first letters, so that like texts are near. */
@RestController
public class FakeEmbedder implements EmbeddingApi {
  public static final int DIMENSIONS = 26;
  public final AtomicInteger calls = new AtomicInteger();
  public volatile @Nullable RuntimeException failure;

  @Override
  public EmbedResponse embed(EmbedRequest request) {
    fail();
    return new EmbedResponse(
        embedder().identity(), request.texts().stream().map(this::vector).toList(), List.of());
  }

  @Override
  public PassagesResponse passages(PassagesRequest request) {
    fail();
    return new PassagesResponse(
        embedder().identity(), request.sources().stream().map(this::passages).toList());
  }

  @Override
  public EmbedderDescription embedder() {
    var down = failure;
    if (down != null) {
      throw down;
    }
    return new EmbedderDescription("letters", "1", DIMENSIONS, 512, "local", "", "cosine");
  }

  @Override
  public List<EmbedderDescription> embedders() {
    return List.of(embedder());
  }

  private SourcePassages passages(PassageSource source) {
    var title = source.title() == null ? "" : source.title();
    if (source.text().isEmpty() && title.isBlank()) {
      return new SourcePassages(List.of());
    }
    var vector = vector(title + " " + source.text());
    return new SourcePassages(List.of(new EmbeddedPassage(0, source.text().length(), vector)));
  }

  private EmbeddingVector vector(String text) {
    var counts = new float[DIMENSIONS];
    counts[0] = 0.01f;
    for (var word : text.toLowerCase(Locale.ROOT).split("[^a-z]+", -1)) {
      if (!word.isEmpty()) {
        counts[word.charAt(0) - 'a']++;
      }
    }
    return EmbeddingVector.of(counts);
  }

  private void fail() {
    calls.incrementAndGet();
    var down = failure;
    if (down != null) {
      throw down;
    }
  }
}

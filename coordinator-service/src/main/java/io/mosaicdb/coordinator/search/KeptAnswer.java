package io.mosaicdb.coordinator.search;

import io.mosaicdb.contract.search.SearchResponse;
import io.mosaicdb.contract.search.SearchResponse.HitBody;
import io.mosaicdb.coordinator.cache.Codec;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * A whole answer, and what its workers say it was read from.
 *
 * @param receipts of the workers, in the order of their ids
 */
record KeptAnswer(SearchResponse answer, List<String> receipts) {
  private static final int OBJECT = 64;

  /** About how many bytes it takes on the heap. */
  int weight() {
    long bytes = 1_024;
    for (HitBody hit : answer.hits()) {
      bytes += 6 * OBJECT + text(hit.id()) + weight(hit.fields());
      if (hit.passage() != null) {
        bytes += OBJECT + text(hit.passage().text());
      }
      for (var highlight : hit.highlights()) {
        bytes += OBJECT + text(highlight.text()) + (long) highlight.spans().size() * OBJECT;
      }
    }
    bytes += weight(answer.facets());
    return (int) Math.min(Integer.MAX_VALUE, bytes);
  }

  private static long weight(@Nullable Object value) {
    return switch (value) {
      case null -> 0;
      case String string -> text(string);
      case Map<?, ?> map -> {
        long bytes = OBJECT;
        for (var entry : map.entrySet()) {
          bytes += OBJECT + weight(entry.getKey()) + weight(entry.getValue());
        }
        yield bytes;
      }
      case List<?> list -> {
        long bytes = OBJECT;
        for (var element : list) {
          bytes += weight(element);
        }
        yield bytes;
      }
      default -> OBJECT;
    };
  }

  private static long text(String string) {
    // A character takes one byte or two.
    return OBJECT + string.length() * 3L / 2;
  }

  /** As JSON, in the form of the API. */
  static Codec<KeptAnswer> codec(JsonMapper mapper) {
    return new Codec<>() {
      @Override
      public byte[] encode(KeptAnswer value) {
        return mapper.writeValueAsBytes(value);
      }

      @Override
      public KeptAnswer decode(byte[] bytes) {
        return mapper.readValue(bytes, KeptAnswer.class);
      }
    };
  }
}

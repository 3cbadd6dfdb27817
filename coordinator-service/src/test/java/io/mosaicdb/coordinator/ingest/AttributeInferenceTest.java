package io.mosaicdb.coordinator.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.mosaicdb.contract.document.DocumentBody;
import io.mosaicdb.model.schema.AttributeType;
import io.mosaicdb.model.schema.Schema;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AttributeInferenceTest {
  private static Map<String, AttributeType> types(List<Map<String, @Nullable Object>> documents) {
    var writes =
        documents.stream()
            .map(attributes ->
                Write.upsert(
                    new DocumentBody("a", null, null, null, null, attributes, null, null, null),
                    ""))
            .toList();
    return AttributeInference.newAttributes(writes, Schema.standard(4));
  }

  @Test
  void takesTheTypeOfTheFirstValue() {
    assertThat(
            types(
                List.of(
                    Map.of("year", 2024, "tags", List.of("a"), "at", "2024-01-01T00:00:00Z"),
                    Map.of("year", "later"))))
        .containsEntry("year", AttributeType.INTEGER)
        .containsEntry("tags", AttributeType.STRINGS)
        .containsEntry("at", AttributeType.DATETIME);
  }

  @Test
  void widensWithinABatch() {
    assertThat(types(List.of(Map.of("price", 1), Map.of("price", 1.5))))
        .containsEntry("price", AttributeType.FLOAT);
    assertThat(types(List.of(Map.of("at", "2024-01-01T00:00:00Z"), Map.of("at", "soon"))))
        .containsEntry("at", AttributeType.STRING);
  }

  @Test
  void leavesOutWhatNoAttributeCanBe() {
    assertThat(types(List.of(Map.of("a b", 1, "deep", Map.of("x", Map.of()), "empty", List.of()))))
        .isEmpty();
  }
}

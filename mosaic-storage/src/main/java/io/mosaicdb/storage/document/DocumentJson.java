package io.mosaicdb.storage.document;

import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Maps as JSON text with sorted keys, so that equal content is equal text. Thread-safe. */
public final class DocumentJson {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .enable(DeserializationFeature.USE_LONG_FOR_INTS)
          .build();
  private static final TypeReference<TreeMap<String, Object>> OBJECT = new TypeReference<>() {};
  private static final TypeReference<TreeMap<String, String>> TEXTS = new TypeReference<>() {};

  private DocumentJson() {}

  public static String write(Object value) {
    return MAPPER.writeValueAsString(value);
  }

  public static SortedMap<String, Object> readObject(String json) {
    return MAPPER.readValue(json, OBJECT);
  }

  public static SortedMap<String, String> readTexts(String json) {
    return MAPPER.readValue(json, TEXTS);
  }
}

package io.mosaicdb.storage.filter;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mosaicdb.model.InvalidInputException;
import io.mosaicdb.model.document.Document;
import io.mosaicdb.model.filter.FilterParser;
import io.mosaicdb.model.schema.Attribute;
import io.mosaicdb.model.schema.AttributeType;
import io.mosaicdb.model.schema.AttributeValues;
import io.mosaicdb.model.schema.Schema;
import io.mosaicdb.storage.segment.Segment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/**
 * The written truth table: {@code truth-table.csv} says for every operator and type, with a missing
 * value, which documents of {@code truth-table-documents.csv} meet the condition. It holds in
 * memory and in a shard file.
 */
class FilterTruthTableTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String MISSING = "none";
  private static final Set<String> OPERATORS =
      Set.of(
          "eq",
          "ne",
          "gt",
          "gte",
          "lt",
          "lte",
          "in",
          "not_in",
          "contains",
          "contains_any",
          "prefix",
          "exists",
          "geo_radius",
          "geo_box");

  @TempDir private static Path folder;
  private static final Schema SCHEMA = schema();
  private static final BothSegments SEGMENTS = new BothSegments(SCHEMA);
  private static final List<Row> ROWS = rows();
  private static final Map<String, Segment> SEGMENT_BY_FORM = new HashMap<>();

  record Row(String type, String op, String value, String expected) {
    boolean refused() {
      return expected.equals("refused");
    }

    Object filter() {
      var json = new HashMap<String, Object>(Map.of("field", type.replace("[]", "s"), "op", op));
      if (!value.equals("-")) {
        json.put("value", JSON.readValue(value, Object.class));
      }
      return json;
    }
  }

  @BeforeAll
  static void write() throws Exception {
    var documents = documents();
    SEGMENT_BY_FORM.put("live", SEGMENTS.live(documents));
    SEGMENT_BY_FORM.put("sealed", SEGMENTS.sealed(folder, documents));
  }

  @AfterAll
  static void close() {
    SEGMENTS.close();
  }

  static Stream<Row> accepted() {
    return ROWS.stream().filter(row -> !row.refused());
  }

  static Stream<Row> refused() {
    return ROWS.stream().filter(Row::refused);
  }

  @ParameterizedTest
  @MethodSource("accepted")
  void holdsInMemory(Row row) {
    assertThat(matching("live", row)).isEqualTo(expected(row));
  }

  @ParameterizedTest
  @MethodSource("accepted")
  void holdsInAShard(Row row) {
    assertThat(matching("sealed", row)).isEqualTo(expected(row));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void refusesWhatHasNoMeaning(Row row) {
    assertThatThrownBy(() -> FilterParser.parse(row.filter(), SCHEMA, "/filter"))
        .isInstanceOf(InvalidInputException.class);
  }

  @Test
  void namesEveryOperatorForEveryType() {
    var operators = ROWS.stream().collect(groupingBy(Row::type, groupingBy(Row::op)));

    for (AttributeType type : AttributeType.values()) {
      assertThat(requireNonNull(operators.get(type.wireName())).keySet())
          .as(type.wireName())
          .isEqualTo(OPERATORS);
    }
  }

  @Test
  void saysWhatAMissingValueMeansForEveryOperator() {
    var known = Set.of("ne", "not_in", "exists false");

    var found =
        ROWS.stream()
            .filter(row -> !row.refused() && expected(row).contains(MISSING))
            .map(row -> row.op().equals("exists") ? row.op() + " " + row.value() : row.op())
            .collect(toSet());

    assertThat(found).isEqualTo(known);
  }

  private static Set<String> expected(Row row) {
    return row.expected().isEmpty()
        ? Set.of()
        : new TreeSet<>(Arrays.asList(row.expected().split(" ")));
  }

  private static Set<String> matching(String form, Row row) {
    var segment = requireNonNull(SEGMENT_BY_FORM.get(form));
    var found = new TreeSet<String>();
    segment
        .matching(FilterParser.parse(row.filter(), SCHEMA, "/filter"))
        .forEach(ordinal -> {
          // The documents of other types lack the attribute as well; they are not in the table.
          var id = segment.id(ordinal).split(" ");
          if (id[0].equals(row.type())) {
            found.add(id[1]);
          }
        });
    return found;
  }

  private static Schema schema() {
    var schema = Schema.standard(0);
    for (AttributeType type : AttributeType.values()) {
      schema = schema.with(type.wireName().replace("[]", "s"), new Attribute(type, true));
    }
    return schema;
  }

  private static List<Document> documents() {
    var documents = new ArrayList<Document>();
    for (AttributeType type : AttributeType.values()) {
      documents.add(document(type, MISSING, Map.of()));
    }
    for (String[] cells : cells("truth-table-documents.csv", 3)) {
      var type = AttributeType.find(cells[0]).orElseThrow();
      var value = AttributeValues.stored(JSON.readValue(cells[2], Object.class), type, "/value");
      documents.add(document(type, cells[1], Map.of(cells[0].replace("[]", "s"), value)));
    }
    return documents;
  }

  private static Document document(
      AttributeType type, String name, Map<String, Object> attributes) {
    return new Document(
        type.wireName() + " " + name,
        new TreeMap<>(Map.of("text", name)),
        null,
        new TreeMap<>(attributes),
        List.of(),
        List.of());
  }

  private static List<Row> rows() {
    return cells("truth-table.csv", 4).stream()
        .map(cells -> new Row(cells[0], cells[1], cells[2], cells[3]))
        .toList();
  }

  private static List<String[]> cells(String resource, int columns) {
    try (var in = requireNonNull(FilterTruthTableTest.class.getResourceAsStream(resource))) {
      var text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return text.lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(line -> {
            var cells =
                Arrays.stream(line.split("\\|", -1)).map(String::strip).toArray(String[]::new);
            if (cells.length != columns) {
              throw new IllegalStateException(line);
            }
            return cells;
          })
          .toList();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}

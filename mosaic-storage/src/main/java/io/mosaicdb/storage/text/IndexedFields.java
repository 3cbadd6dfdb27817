package io.mosaicdb.storage.text;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The text fields of a schema, in schema order, with their analyzers. Fields that are analyzed
 * alike form a group: a group has one dictionary and its fields are scored as one weighted field.
 */
public final class IndexedFields {
  private final List<IndexedField> fields;
  private final List<FieldGroup> groups;
  private final Map<String, Integer> numbers = new LinkedHashMap<>();
  private final Map<String, Synonyms> synonyms = new HashMap<>();

  public IndexedFields(List<IndexedField> fields) {
    this.fields = List.copyOf(fields);
    if (fields.isEmpty()) {
      throw new IllegalArgumentException("a text index needs at least one field");
    }
    var byAnalysis = new LinkedHashMap<FieldAnalysis, List<Integer>>();
    for (int i = 0; i < fields.size(); i++) {
      var field = fields.get(i);
      if (numbers.put(field.name(), i) != null) {
        throw new IllegalArgumentException("field " + field.name() + " is named twice");
      }
      byAnalysis.computeIfAbsent(field.analysis(), _ -> new ArrayList<>()).add(i);
    }
    var groups = new ArrayList<FieldGroup>();
    byAnalysis.forEach((analysis, members) ->
        groups.add(
            new FieldGroup(
                groups.size(),
                members.stream().mapToInt(Integer::intValue).toArray(),
                TextAnalysis.of(analysis),
                TextAnalysis.of(analysis.asTyped()))));
    this.groups = List.copyOf(groups);
    for (var field : fields) {
      try {
        synonyms.put(field.name(), Synonyms.of(analysis(field.name()), field.synonyms()));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("field " + field.name() + ": " + e.getMessage(), e);
      }
    }
  }

  public List<IndexedField> fields() {
    return fields;
  }

  public List<String> names() {
    return List.copyOf(numbers.keySet());
  }

  /** The analyzer of a field; an unknown one is an {@link IllegalArgumentException}. */
  public TextAnalysis analysis(String field) {
    int number = number(field);
    for (var group : groups) {
      for (int member : group.fields()) {
        if (member == number) {
          return group.analysis();
        }
      }
    }
    throw new AssertionError("every field has a group");
  }

  Synonyms synonyms(String field) {
    return synonyms.getOrDefault(field, Synonyms.NONE);
  }

  boolean contains(String field) {
    return numbers.containsKey(field);
  }

  List<FieldGroup> groups() {
    return groups;
  }

  /** The fields of {@code restriction} (all if null) that belong to {@code group}. */
  List<String> namesIn(FieldGroup group, @Nullable Collection<String> restriction) {
    var names = new ArrayList<String>();
    for (int field : group.fields()) {
      var name = fields.get(field).name();
      if (restriction == null || restriction.contains(name)) {
        names.add(name);
      }
    }
    return names;
  }

  /** What a leaf of a query reads; its fields must be analyzed alike. */
  FieldSelection select(List<String> names) {
    return select(names, Map.of());
  }

  /** {@code weightsByName} replace those of the fields that they name. */
  FieldSelection select(List<String> names, Map<String, Double> weightsByName) {
    int first = number(names.getFirst());
    for (var group : groups) {
      if (position(group.fields(), first) < 0) {
        continue;
      }
      var members = new int[names.size()];
      var numbersOfMembers = new int[names.size()];
      var weights = new double[names.size()];
      for (int i = 0; i < members.length; i++) {
        numbersOfMembers[i] = number(names.get(i));
        members[i] = position(group.fields(), numbersOfMembers[i]);
        if (members[i] < 0) {
          throw new IllegalArgumentException(
              "fields " + names + " are analyzed differently and need a term each");
        }
        weights[i] =
            weightsByName.getOrDefault(names.get(i), fields.get(numbersOfMembers[i]).weight());
      }
      return new FieldSelection(group, members, numbersOfMembers, weights);
    }
    throw new AssertionError("every field has a group");
  }

  private int number(String field) {
    var number = numbers.get(field);
    if (number == null) {
      throw new IllegalArgumentException(
          "unknown text field " + field + ", known are " + String.join(", ", numbers.keySet()));
    }
    return number;
  }

  private static int position(int[] values, int value) {
    for (int i = 0; i < values.length; i++) {
      if (values[i] == value) {
        return i;
      }
    }
    return -1;
  }
}

package io.mosaicdb.benchmarks.quality;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Documents, questions, and which documents answer which question.
 *
 * @param lines the documents as the bulk endpoint takes them, one a line
 * @param questions those with at least one relevant document
 * @param language that of a collection which is measured by words alone, as its name ends; null:
 *     English, measured in every mode
 */
record JudgedCollection(
    String name,
    int documents,
    byte[] lines,
    List<Question> questions,
    boolean training,
    @Nullable String language) {
  private static final JsonMapper JSON = new JsonMapper();

  /** Judgements are by document id. */
  record Question(String id, String text, Map<String, Integer> judgements) {}

  /**
   * Reads the collections whose folders are in {@code data}, in {@code data/ir} or in {@code
   * data/multilingual}.
   */
  static List<JudgedCollection> readAll(Path data, List<String> names) throws IOException {
    var collections = new ArrayList<JudgedCollection>();
    for (var name : names) {
      for (var folder :
          List.of(
              data.resolve(name),
              data.resolve("ir").resolve(name),
              data.resolve("multilingual").resolve(name))) {
        if (Files.exists(folder.resolve("corpus.jsonl"))) {
          collections.add(read(name, folder));
          break;
        }
      }
    }
    return collections;
  }

  private static JudgedCollection read(String name, Path folder) throws IOException {
    // SciFact is measured on the questions made for training: its test questions stay unseen.
    boolean training = Files.exists(folder.resolve("queries-train.jsonl"));
    var suffix = training ? "-train" : "";
    var lines = new ByteArrayOutputStream();
    int documents = 0;
    for (var line : lines(folder.resolve("corpus.jsonl"))) {
      var document = JSON.readTree(line);
      lines.writeBytes(
          JSON.writeValueAsBytes(
              Map.of(
                  "id", document.path("_id").asString(),
                  "title", document.path("title").asString(""),
                  "text", document.path("text").asString(""))));
      lines.write('\n');
      documents++;
    }
    var judgements = judgements(folder.resolve("qrels" + suffix + ".tsv"));
    var questions = new ArrayList<Question>();
    for (var line : lines(folder.resolve("queries" + suffix + ".jsonl"))) {
      var query = JSON.readTree(line);
      var id = query.path("_id").asString();
      var judged = judgements.getOrDefault(id, Map.of());
      if (judged.values().stream().anyMatch(judgement -> judgement > 0)) {
        questions.add(new Question(id, query.path("text").asString(), judged));
      }
    }
    return new JudgedCollection(
        name, documents, lines.toByteArray(), questions, training, language(name));
  }

  private static @Nullable String language(String name) {
    int dash = name.lastIndexOf('-');
    return dash < 0 ? null : name.substring(dash + 1);
  }

  private static Map<String, Map<String, Integer>> judgements(Path file) throws IOException {
    var judgements = new HashMap<String, Map<String, Integer>>();
    for (var line : lines(file)) {
      var columns = line.split("\t", -1);
      if (!columns[0].equals("query-id")) {
        judgements
            .computeIfAbsent(columns[0], _ -> new LinkedHashMap<>())
            .put(columns[1], Integer.parseInt(columns[2].strip()));
      }
    }
    return judgements;
  }

  private static List<String> lines(Path file) throws IOException {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.filter(line -> !line.isBlank()).toList();
    }
  }
}

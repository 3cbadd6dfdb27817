package io.mosaicdb.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import tools.jackson.databind.JsonNode;

/** One namespace of a server. */
record NamespaceClient(Api api, String name) {
  /** For vectors of eight numbers that come with the documents. */
  static final String CLIENT_VECTORS =
      """
      {"schema": {"fields": {"title": {"type": "text"}, "text": {"type": "text"}},
                  "attributes": {"n": {"type": "integer", "filterable": true},
                                 "kind": {"type": "string", "filterable": true}},
                  "vector": {"dimensions": 8, "metric": "cosine", "source": "client"}},
       "settings": {"shard_documents": %d, "seal_age": "1h"}}
      """;

  String path() {
    return "/v1/namespaces/" + name;
  }

  NamespaceClient create(String definition) {
    api.put(path(), definition).require(201);
    return this;
  }

  NamespaceClient createWithClientVectors(int shardDocuments) {
    return create(CLIENT_VECTORS.formatted(shardDocuments));
  }

  /** Writes documents, given as JSON objects, all of which must succeed. */
  JsonNode write(String... documents) {
    return change("{\"documents\": [" + String.join(",", documents) + "]}");
  }

  JsonNode deleteAll(String... ids) {
    return change("{\"deletes\": [\"" + String.join("\",\"", ids) + "\"]}");
  }

  private JsonNode change(String request) {
    var answer = api.post(path() + "/documents", request).require(200).json();
    for (var result : answer.path("results")) {
      assertThat(result.path("status").asString()).as(result.toString()).isNotEqualTo("failed");
    }
    return answer;
  }

  JsonNode search(String request) {
    return api.post(path() + "/search", request).require(200).json();
  }

  /** The ids of the hits, best first. */
  List<String> find(String request) {
    return search(request)
        .path("hits")
        .valueStream()
        .map(hit -> hit.path("id").asString())
        .toList();
  }

  Answer document(String id) {
    return api.get(path() + "/documents/" + id);
  }

  JsonNode description() {
    return api.get(path()).require(200).json();
  }

  JsonNode seal() {
    return api.post(path() + "/seal", "").require(200).json().path("shards");
  }

  JsonNode shards() {
    return api.get(path() + "/shards").require(200).json().path("shards");
  }
}

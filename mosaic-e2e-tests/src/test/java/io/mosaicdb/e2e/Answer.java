package io.mosaicdb.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpHeaders;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the server said to {@code request}. */
record Answer(String request, int status, HttpHeaders headers, String body) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  Answer require(int expected) {
    assertThat(status).as("%s answered %s", request, body).isEqualTo(expected);
    return this;
  }

  JsonNode json() {
    return JSON.readTree(body);
  }

  String header(String name) {
    return headers.firstValue(name).orElse("");
  }
}

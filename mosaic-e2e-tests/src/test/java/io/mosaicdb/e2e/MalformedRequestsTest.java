package io.mosaicdb.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every request of {@code malformed-requests.json} gets its own problem. In its paths and bodies
 * <code>{{text*n}}</code> stands for n times the text, and <code>{{hex:…}}</code> for bytes.
 */
@ExtendWith(SharedServer.class)
class MalformedRequestsTest {
  private final Api api;

  MalformedRequestsTest(Api api) {
    this.api = api;
  }

  @BeforeEach
  void makeNamespaces() {
    for (var name : new String[] {"strict", "meant"}) {
      int status =
          api.put(
                  "/v1/namespaces/" + name,
                  name.equals("strict")
                      ? NamespaceClient.CLIENT_VECTORS.formatted(100)
                      : "{\"schema\": {\"fields\": {\"text\": {\"type\": \"text\"}}}}")
              .status();
      assertThat(status).isIn(200, 201);
    }
  }

  @TestFactory
  Stream<DynamicTest> everyMalformedRequestHasItsOwnProblem() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            MalformedRequestsTest.class.getResourceAsStream("/malformed-requests.json"))) {
      var cases = new ArrayList<JsonNode>();
      JsonMapper.builder().build().readTree(in).forEach(cases::add);
      return cases.stream()
          .map(each -> dynamicTest(each.path("name").asString(), () -> check(each)));
    }
  }

  private void check(JsonNode each) {
    var headers = new ArrayList<String>();
    headers.add("Content-Type");
    headers.add(each.path("type").asString("application/json"));
    each.path("headers")
        .properties()
        .forEach(header -> {
          headers.add(header.getKey());
          headers.add(header.getValue().asString());
        });

    var answer =
        api.send(
            each.path("method").asString("POST"),
            expanded(each.path("path").asString()),
            BodyPublishers.ofByteArray(bytes(expanded(each.path("body").asString("")))),
            headers.toArray(String[]::new));

    assertThat(answer.status())
        .as("%s", answer.body().substring(0, Math.min(400, answer.body().length())))
        .isEqualTo(each.path("status").asInt());
    assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
    var problem = answer.json();
    assertThat(problem.path("code").asString()).isEqualTo(each.path("code").asString());
    assertThat(problem.path("status").asInt()).isEqualTo(answer.status());
    assertThat(problem.path("type").asString())
        .isEqualTo("/problems/" + each.path("code").asString().replace('_', '-'));
    assertThat(problem.path("title").asString()).isNotBlank();
    assertThat(problem.path("request_id").asString()).isNotBlank();
    if (each.has("says")) {
      assertThat(answer.body()).contains(each.path("says").asString());
    }
  }

  private static String expanded(String text) {
    var result = new StringBuilder();
    int at = 0;
    for (int open = text.indexOf("{{"); open >= 0; open = text.indexOf("{{", at)) {
      int star = text.indexOf('*', open);
      int close = text.indexOf("}}", star);
      if (text.startsWith("{{hex:", open) || star < 0 || close < 0) {
        break;
      }
      result.append(text, at, open);
      result.append(
          text.substring(open + 2, star).repeat(Integer.parseInt(text.substring(star + 1, close))));
      at = close + 2;
    }
    return result.append(text.substring(at)).toString();
  }

  private static byte[] bytes(String body) {
    return body.startsWith("{{hex:")
        ? HexFormat.of().parseHex(body.substring(6, body.length() - 2))
        : body.getBytes(StandardCharsets.UTF_8);
  }
}

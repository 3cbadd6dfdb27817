package io.mosaicdb.starter;

import static org.assertj.core.api.Assertions.assertThat;

import io.mosaicdb.starter.json.StrictJson;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

class PublicEdgeTest {
  private static ConfigurableApplicationContext context;
  private static URI base;
  private static HttpClient http;

  @BeforeAll
  static void start() {
    context = SampleApplication.start("--mosaic.json.max-string-size=100KB");
    base = SampleApplication.uriOf(context);
    http = HttpClient.newHttpClient();
  }

  @AfterAll
  static void stop() {
    http.close();
    context.close();
  }

  @Test
  void acceptsWhatTheContractPromises() throws Exception {
    var body =
        """
        {"item_name": "x", "count": 1, "mode": "words_only", "vector": [1, 2.5], "weight": 3,
         "at": "2026-01-02T03:04:05Z", "free": {"emoji": "\\ud83d\\ude00 \\\\ud800"}}
        """;

    var response = post("/v1/orders", body);

    assertThat(response.statusCode()).isEqualTo(200);
    var answer = json(response);
    assertThat(answer.at("/mode").asString()).isEqualTo("words_only");
    assertThat(answer.at("/at").asString()).isEqualTo("2026-01-02T03:04:05Z");
    assertThat(answer.at("/free/emoji").asString()).isEqualTo("😀 \\ud800");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"item_name": "x", "count": 1           | 400 | malformed_json | ``
          nonsense                                | 400 | malformed_json | ``
          {"item_name": "x", "count": 1} {}       | 400 | malformed_json | ``
          {"item_name": "x", "count": 1, "count": 2} | 400 | malformed_json | ``
          {"item_name": "x", "count": NaN}        | 400 | malformed_json | ``
          {"item_name": "x", "count": 1, "size": 2} | 400 | unknown_field | /size
          {"item_name": "x", "count": 1, "parts": [{"item_name": "y", "count": 1, "si/ze": 2}]} | 400 | unknown_field | /parts/0/si~1ze
          {"item_name": "x", "count": "many"}     | 400 | invalid_type   | /count
          {"item_name": "x", "count": "3"}        | 400 | invalid_type   | /count
          {"item_name": "x", "count": 1.5}        | 400 | invalid_type   | /count
          {"item_name": "x", "count": null}       | 400 | invalid_type   | /count
          {"item_name": "x", "count": 99999999999}| 400 | invalid_type   | /count
          {"item_name": 5, "count": 1}            | 400 | invalid_type   | /item_name
          {"item_name": ["x"], "count": 1}        | 400 | invalid_type   | /item_name
          {"item_name": "x", "count": 1, "mode": "fuzzy"} | 400 | invalid_type | /mode
          {"item_name": "x", "count": 1, "at": "yesterday"} | 400 | invalid_type | /at
          {"item_name": "x", "count": 1, "vector": [1, "NaN"]} | 400 | invalid_type | /vector/1
          {"item_name": "x", "count": 1, "vector": [1, null]}  | 400 | invalid_type | /vector/1
          {"item_name": "x", "count": 1, "vector": [1, 2, 1e99]}  | 400 | invalid_type | /vector/2
          {"item_name": "x", "count": 1, "vector": "1,2"} | 400 | invalid_type | /vector
          {"item_name": "x", "count": 1, "weight": 1e999} | 400 | invalid_type | /weight
          {"item_name": "x", "count": 1, "weight": "Infinity"} | 400 | invalid_type | /weight
          {"item_name": "x", "count": -1}         | 422 | invalid_value  | ``
          {"item_name": "\\ud800", "count": 1}     | 400 | malformed_json | ``
          {"item_name": "x", "count": 1, "free": {"a\\udc00": 1}} | 400 | malformed_json | ``
          [1]                                     | 400 | invalid_type   | ``
          """)
  void namesWhatIsWrongWithABody(String body, int status, String code, String pointer)
      throws Exception {
    var response = post("/v1/orders", body);

    assertProblem(response, status, code);
    if (!pointer.isEmpty()) {
      assertThat(json(response).at("/errors/0/pointer").asString()).isEqualTo(pointer);
    }
  }

  @Test
  void saysWhereTheSyntaxBreaks() throws Exception {
    var problem = json(post("/v1/orders", "{\"item_name\": \"x\",\n \"count\": ,}"));

    assertThat(problem.at("/detail").asString()).contains("line 2 column");
  }

  @Test
  void listsTheKnownFieldsBesideAnUnknownOne() throws Exception {
    var problem = json(post("/v1/orders", "{\"item_name\": \"x\", \"count\": 1, \"cuont\": 1}"));

    assertThat(problem.at("/errors/0/message").asString()).contains("count, free, item_name");
  }

  @Test
  void refusesAnEmptyBody() throws Exception {
    assertProblem(post("/v1/orders", ""), 400, "malformed_json");
  }

  @Test
  void refusesThreeHundredLevelsOfNesting() throws Exception {
    var open = "{\"item_name\": \"x\", \"count\": 1, \"parts\": [";
    var body = open.repeat(300) + "]}".repeat(300);

    var response = post("/v1/orders", body);

    assertProblem(response, 400, "malformed_json");
    assertThat(json(response).at("/detail").asString()).contains("nests too deep");
  }

  @Test
  void refusesAStringBeyondTheLimit() throws Exception {
    var body = "{\"item_name\": \"" + "x".repeat(200_000) + "\", \"count\": 1}";

    assertProblem(post("/v1/orders", body), 413, "payload_too_large");
  }

  @Test
  void refusesRawBytesOfASurrogate() throws Exception {
    var bytes = "{\"item_name\": \"???\", \"count\": 1}".getBytes(StandardCharsets.UTF_8);
    bytes[15] = (byte) 0xED;
    bytes[16] = (byte) 0xA0;
    bytes[17] = (byte) 0x80;

    var response = send(request("/v1/orders").POST(HttpRequest.BodyPublishers.ofByteArray(bytes)));

    assertProblem(response, 400, "malformed_json");
  }

  @Test
  void answersOtherRefusalsWithTheirOwnCodes() throws Exception {
    assertProblem(send(request("/nowhere").GET()), 404, "not_found");
    var notAllowed = send(request("/v1/orders").GET());
    assertProblem(notAllowed, 405, "method_not_allowed");
    assertThat(notAllowed.headers().firstValue("Allow")).contains("POST");
    assertProblem(
        send(
            HttpRequest.newBuilder(base.resolve("/v1/orders"))
                .header("Content-Type", "text/plain")
                .POST(HttpRequest.BodyPublishers.ofString("x"))),
        415,
        "unsupported_media_type");
    assertProblem(
        send(
            request("/v1/orders")
                .header("Accept", "image/png")
                .POST(HttpRequest.BodyPublishers.ofString("{\"item_name\":\"x\",\"count\":1}"))),
        406,
        "not_acceptable");
    assertProblem(send(request("/v1/number?value=abc").GET()), 400, "invalid_type");
    assertProblem(send(request("/v1/number").GET()), 400, "malformed_request");
  }

  @Test
  void hidesTheReasonOfAnInternalErrorButGivesItsRequestId() throws Exception {
    var response = send(request("/v1/broken").header("X-Request-Id", "req-7").GET());

    assertProblem(response, 500, "internal_error");
    assertThat(response.body()).doesNotContain("secret detail");
    assertThat(json(response).at("/request_id").asString()).isEqualTo("req-7");
    assertThat(json(response).at("/instance").asString()).isEqualTo("/v1/broken");
  }

  @Test
  void answersWhatTomcatRefusesAsAProblem() throws Exception {
    assertThat(raw("GET /v1/number?value=<> HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 400")
        .contains("application/problem+json")
        .contains("\"code\":\"malformed_request\"");
    assertThat(raw("GET /v1/%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 400")
        .contains("application/problem+json");
  }

  @Test
  void makesARequestIdWhereTheCallersIsMissingOrUnsafe() throws Exception {
    var fresh = send(request("/v1/number?value=1").GET());
    var unsafe = send(request("/v1/number?value=1").header("X-Request-Id", "a b\"c").GET());
    var long129 = send(request("/v1/number?value=1").header("X-Request-Id", "x".repeat(129)).GET());

    assertThat(fresh.headers().firstValue("X-Request-Id").orElseThrow()).matches("[0-9a-f]{32}");
    assertThat(unsafe.headers().firstValue("X-Request-Id").orElseThrow()).matches("[0-9a-f]{32}");
    assertThat(long129.headers().firstValue("X-Request-Id").orElseThrow()).matches("[0-9a-f]{32}");
  }

  @Test
  void refusesInternalAddressesWithoutTheSecret() throws Exception {
    for (var path :
        new String[] {
          "/internal/v1/health",
          "/%69nternal/v1/health",
          "//internal/v1/health",
          "/internal;x/v1/health",
          "/x/../internal/v1/health"
        }) {
      assertThat(raw("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
          .as(path)
          .startsWith("HTTP/1.1 401");
    }
    assertProblem(
        send(request("/internal/v1/health").header("X-Mosaic-Service-Secret", "wrong").GET()),
        401,
        "unauthorized");
  }

  @Test
  void reportsHealthToOtherServices() throws Exception {
    var response =
        send(
            request("/internal/v1/health")
                .header("X-Mosaic-Service-Secret", SampleApplication.SECRET)
                .GET());

    assertThat(json(response).at("/status").asString()).isEqualTo("degraded");
    assertThat(json(response).at("/components/storage/detail").asString())
        .isEqualTo("one file is damaged");
  }

  @Test
  void skipsUnknownFieldsOnlyInInternalCalls() throws Exception {
    var body = "{\"item_name\": \"x\", \"count\": 1, \"from_the_future\": {\"a\": [1]}}";

    var internal =
        send(
            request("/internal/echo")
                .header("X-Mosaic-Service-Secret", SampleApplication.SECRET)
                .POST(HttpRequest.BodyPublishers.ofString(body)));

    assertThat(internal.statusCode()).isEqualTo(200);
    assertProblem(post("/v1/orders", body), 400, "unknown_field");
  }

  @Test
  void servesProbesAndMetrics() throws Exception {
    assertThat(send(request("/actuator/health/liveness").GET()).statusCode()).isEqualTo(200);
    assertThat(send(request("/actuator/health/readiness").GET()).statusCode()).isEqualTo(200);
    assertThat(send(request("/actuator/prometheus").GET()).body())
        .contains("jvm_memory_used_bytes");
  }

  private static void assertProblem(HttpResponse<String> response, int status, String code) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
    var problem = json(response);
    assertThat(problem.at("/code").asString()).as(response.body()).isEqualTo(code);
    assertThat(problem.at("/status").asInt()).isEqualTo(status);
    assertThat(problem.at("/type").asString()).isEqualTo("/problems/" + code.replace('_', '-'));
    assertThat(problem.at("/detail").asString()).isNotBlank();
    assertThat(response.headers().firstValue("X-Request-Id"))
        .contains(problem.at("/request_id").asString());
  }

  @Test
  void aFailureThatMayPassSaysWhenToComeBack() throws Exception {
    var response = send(request("/v1/unavailable").GET());

    assertProblem(response, 503, "embedder_unavailable");
    assertThat(response.headers().firstValue("Retry-After")).hasValue("1");
  }

  private static HttpResponse<String> post(String path, String body) throws Exception {
    return send(request(path).POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private static HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(base.resolve(path)).header("Content-Type", "application/json");
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static String raw(String request) throws IOException {
    try (var socket = new Socket(base.getHost(), base.getPort())) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static JsonNode json(HttpResponse<String> response) {
    return StrictJson.mapper().readTree(response.body());
  }
}

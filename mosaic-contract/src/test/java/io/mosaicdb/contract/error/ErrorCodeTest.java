package io.mosaicdb.contract.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ErrorCodeTest {
  @Test
  void spellsCodeAndTypeAsTheWireDoes() {
    assertThat(ErrorCode.DIMENSION_MISMATCH.code()).isEqualTo("dimension_mismatch");
    assertThat(ErrorCode.DIMENSION_MISMATCH.type()).isEqualTo("/problems/dimension-mismatch");
    assertThat(ErrorCode.DIMENSION_MISMATCH.status()).isEqualTo(422);
  }

  @Test
  void findsEveryCodeByItsName() {
    for (var code : ErrorCode.values()) {
      assertThat(ErrorCode.find(code.code())).contains(code);
    }
    assertThat(ErrorCode.find("from_the_future")).isEmpty();
  }

  @Test
  void blamesTheUserExactlyForClientErrors() {
    for (var code : ErrorCode.values()) {
      var clientError = code.status() < 500 && code.status() != 429;
      assertThat(code.category() == ErrorCategory.USER).as(code.code()).isEqualTo(clientError);
    }
  }

  @Test
  void keepsTheStatusOfAnAnswerWithoutACode() {
    Stream.of(401, 403, 404, 405, 406, 410, 412, 413, 415, 429, 501, 503, 504)
        .forEach(status -> assertThat(ErrorCode.ofStatus(status).status()).isEqualTo(status));
    assertThat(ErrorCode.ofStatus(418).status()).isEqualTo(400);
    assertThat(ErrorCode.ofStatus(599).status()).isEqualTo(500);
  }

  @Test
  void buildsTheProblemOfAFailure() {
    var failure =
        new MosaicException(
            ErrorCode.DIMENSION_MISMATCH,
            "vector has 383 dimensions, the namespace has 384",
            List.of(new FieldError("/vector", "must have 384 numbers, got 383")));

    var problem = Problem.of(failure, "/v1/namespaces/docs/search", "r1");

    assertThat(problem)
        .isEqualTo(
            new Problem(
                "/problems/dimension-mismatch",
                "Vector has the wrong number of dimensions",
                422,
                "dimension_mismatch",
                "vector has 383 dimensions, the namespace has 384",
                "/v1/namespaces/docs/search",
                "r1",
                List.of(new FieldError("/vector", "must have 384 numbers, got 383")),
                null));
  }
}

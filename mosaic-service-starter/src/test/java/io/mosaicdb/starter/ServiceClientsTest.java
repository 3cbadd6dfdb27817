package io.mosaicdb.starter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.FieldError;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.health.HealthApi;
import io.mosaicdb.contract.health.HealthStatus;
import io.mosaicdb.starter.SampleApplication.Order;
import io.mosaicdb.starter.SampleApplication.SampleApi;
import io.mosaicdb.starter.client.LocalServices;
import io.mosaicdb.starter.client.ServiceClients;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;
import org.springframework.context.ConfigurableApplicationContext;

class ServiceClientsTest {
  private static ConfigurableApplicationContext callee;
  private static ConfigurableApplicationContext caller;
  private static ServiceClients clients;
  private static SampleApi api;
  private static URI nobody;

  @BeforeAll
  static void start() throws IOException {
    callee = SampleApplication.start();
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = URI.create("http://127.0.0.1:" + socket.getLocalPort());
    }
    caller =
        SampleApplication.start(
            "--mosaic.discovery.static.sample-service[0]=" + nobody,
            "--mosaic.discovery.static.sample-service[1]=" + SampleApplication.uriOf(callee),
            "--mosaic.discovery.static.dead-service[0]=" + nobody);
    clients = caller.getBean(ServiceClients.class);
    api =
        clients
            .client(SampleApi.class, ErrorCode.WORKER_UNAVAILABLE)
            .at(SampleApplication.uriOf(callee));
  }

  @AfterAll
  static void stop() {
    SampleApplication.LATE.countDown();
    caller.close();
    callee.close();
  }

  @Test
  void callsAContractOverHttp() {
    var order = new Order("x", 2, null, null, 1.5, null, null, null);

    assertThat(api.echo(order)).usingRecursiveComparison().isEqualTo(order);
  }

  @Test
  void carriesTheRequestId() {
    MDC.put("request_id", "req-42");
    try {
      assertThat(api.requestId()).containsEntry("id", "req-42");
    } finally {
      MDC.remove("request_id");
    }
  }

  @Test
  void throwsTheFailureThatTheCalleeThrew() {
    var failure = failureOf(() -> api.fail("snapshot_gone"));

    assertThat(failure.code()).isEqualTo(ErrorCode.SNAPSHOT_GONE);
    assertThat(failure.detail()).isEqualTo("because");
    assertThat(failure.errors()).containsExactly(new FieldError("/a/0", "is bad"));
    assertThat(failure.retryAfter()).contains(Duration.ofSeconds(7));
  }

  @Test
  void reportsACalleeThatIsAway() {
    var away = clients.client(SampleApi.class, ErrorCode.WORKER_UNAVAILABLE).at(nobody);

    var failure = failureOf(away::requestId);

    assertThat(failure.code()).isEqualTo(ErrorCode.WORKER_UNAVAILABLE);
    assertThat(failure.detail()).contains(nobody.getAuthority());
  }

  @Test
  void callsAServiceOfTheSameProcessAsAnObjectWhereAskedTo() {
    var local = new LocalServices();
    local.add(SampleApplication.uriOf(callee), callee);
    var order = new Order("x", 2, null, null, 1.5, null, null, null);
    try (var beside = SampleApplication.startBeside(local)) {
      var near = beside.getBean(ServiceClients.class);
      var direct =
          near.client(SampleApi.class, ErrorCode.WORKER_UNAVAILABLE)
              .directlyWhereLocal()
              .at(SampleApplication.uriOf(callee));
      var overHttp =
          near.client(SampleApi.class, ErrorCode.WORKER_UNAVAILABLE)
              .at(SampleApplication.uriOf(callee));
      var elsewhere =
          clients
              .client(SampleApi.class, ErrorCode.WORKER_UNAVAILABLE)
              .directlyWhereLocal()
              .at(SampleApplication.uriOf(callee));

      assertThat(direct.echo(order)).isSameAs(order);
      assertThat(overHttp.echo(order)).isNotSameAs(order);
      assertThat(elsewhere.echo(order)).isNotSameAs(order);
    }
  }

  @Test
  void givesTheFailureOfALocalServiceAsItWouldComeOverHttp() {
    var local = new LocalServices();
    local.add(SampleApplication.uriOf(callee), callee);
    try (var beside = SampleApplication.startBeside(local)) {
      var direct =
          beside
              .getBean(ServiceClients.class)
              .client(SampleApi.class, ErrorCode.WORKER_UNAVAILABLE)
              .directlyWhereLocal()
              .at(SampleApplication.uriOf(callee));

      var known = failureOf(() -> direct.fail("snapshot_gone"));
      var unforeseen = failureOf(direct::breaks);

      assertThat(known)
          .usingRecursiveComparison()
          .ignoringFields("stackTrace")
          .isEqualTo(failureOf(() -> api.fail("snapshot_gone")));
      assertThat(unforeseen.code()).isEqualTo(ErrorCode.INTERNAL_ERROR);
      assertThat(unforeseen).hasNoCause().hasMessage(failureOf(api::breaks).detail());
    }
  }

  @Test
  void reportsALateAnswer() {
    var impatient =
        clients
            .client(SampleApi.class, ErrorCode.WORKER_UNAVAILABLE)
            .readTimeout(Duration.ofMillis(100))
            .at(SampleApplication.uriOf(callee));

    var failure = failureOf(impatient::slow);

    assertThat(failure.code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
    assertThat(failure.detail()).contains("100 ms");
  }

  @Test
  void reportsADifferentSecretAsUnavailable() {
    try (var stranger =
        SampleApplication.start("--mosaic.internal.secret=another-secret-entirely")) {
      var strange =
          stranger
              .getBean(ServiceClients.class)
              .client(SampleApi.class, ErrorCode.WORKER_UNAVAILABLE)
              .at(SampleApplication.uriOf(callee));

      var failure = failureOf(strange::requestId);

      assertThat(failure.code()).isEqualTo(ErrorCode.WORKER_UNAVAILABLE);
      assertThat(failure.detail()).contains("mosaic.internal.secret");
    }
  }

  @Test
  void passesOverAnInstanceThatCannotBeReached() {
    var balanced =
        clients.client(HealthApi.class, ErrorCode.SERVICE_UNAVAILABLE).balanced("sample-service");

    for (int i = 0; i < 4; i++) {
      assertThat(balanced.health().status()).isEqualTo(HealthStatus.DEGRADED);
    }
  }

  @Test
  void reportsAServiceWithoutAnyInstance() {
    var dead =
        clients.client(HealthApi.class, ErrorCode.SERVICE_UNAVAILABLE).balanced("dead-service");
    var unknown =
        clients.client(HealthApi.class, ErrorCode.SERVICE_UNAVAILABLE).balanced("unknown");

    assertThat(failureOf(dead::health).code()).isEqualTo(ErrorCode.SERVICE_UNAVAILABLE);
    assertThat(failureOf(unknown::health).detail()).contains("no instance of unknown");
  }

  private static MosaicException failureOf(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    var failure = catchThrowableOfType(MosaicException.class, call);
    assertThat(failure).isNotNull();
    return failure;
  }
}

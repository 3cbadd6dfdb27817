package io.mosaicdb.worker.breaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.mosaicdb.model.NamespaceName;
import io.mosaicdb.storage.segment.Segment;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ShardBreakersTest {
  private static final NamespaceName FILMS = new NamespaceName("films");
  private static final NamespaceName BOOKS = new NamespaceName("books");

  private final MovedClock clock = new MovedClock();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final ShardBreakers breakers =
      new ShardBreakers(new BreakerProperties(3, Duration.ofSeconds(10)), clock, registry);
  private final Segment shard = shard("s1");

  @Test
  void aShardThatFailsAgainAndAgainIsLeftAloneAndSaysWhy() {
    fail(2);
    assertThat(breakers.of(FILMS).findRefusal(shard)).isEmpty();
    assertThat(breakers.open()).isEmpty();

    fail(1);

    assertThat(breakers.of(FILMS).findRefusal(shard))
        .hasValueSatisfying(
            reason -> assertThat(reason).contains("3 failures", "10 s", "broken 1"));
    assertThat(breakers.state(FILMS, "s1")).isEqualTo("open");
    assertThat(breakers.open()).containsOnlyKeys("films/s1");
    assertThat(changes("open")).isEqualTo(1);
    assertThat(breakers.of(FILMS).findRefusal(shard("s2"))).isEmpty();
    assertThat(breakers.of(BOOKS).findRefusal(shard)).isEmpty();
    assertThat(breakers.of(FILMS).findRefusal(live())).isEmpty();
  }

  @Test
  void oneSearchTriesAgainAndAllDoWhenItAnswers() {
    fail(3);
    clock.now = clock.now.plusSeconds(11);

    var guard = breakers.of(FILMS);
    assertThat(guard.findRefusal(shard)).isEmpty();
    assertThat(breakers.state(FILMS, "s1")).isEqualTo("half_open");
    assertThat(guard.findRefusal(shard)).isPresent();
    guard.answered(shard);

    assertThat(guard.findRefusal(shard)).isEmpty();
    assertThat(breakers.state(FILMS, "s1")).isEqualTo("closed");
    assertThat(breakers.open()).isEmpty();
    assertThat(changes("half_open")).isEqualTo(1);
    assertThat(changes("closed")).isEqualTo(1);
  }

  @Test
  void aTrialThatFailsLeavesItAloneForAsLongAgain() {
    fail(3);
    clock.now = clock.now.plusSeconds(11);
    assertThat(breakers.of(FILMS).findRefusal(shard)).isEmpty();

    breakers.of(FILMS).failed(shard, "still broken");

    assertThat(breakers.of(FILMS).findRefusal(shard)).isPresent();
    clock.now = clock.now.plusSeconds(11);
    assertThat(breakers.of(FILMS).findRefusal(shard)).isEmpty();
    assertThat(changes("open")).isEqualTo(2);
  }

  @Test
  void aTrialThatNeverCameToTheShardIsGivenToTheNext() {
    fail(3);
    clock.now = clock.now.plusSeconds(11);
    assertThat(breakers.of(FILMS).findRefusal(shard)).isEmpty();

    breakers.of(FILMS).notAsked(shard);

    assertThat(breakers.of(FILMS).findRefusal(shard)).isEmpty();
  }

  @Test
  void failuresThatAreNotInARowDoNotCount() {
    for (int i = 0; i < 10; i++) {
      fail(2);
      breakers.of(FILMS).answered(shard);
    }

    assertThat(breakers.of(FILMS).findRefusal(shard)).isEmpty();
  }

  @Test
  void aShardThatWasOpenedAgainStartsAnew() {
    fail(3);

    assertThat(breakers.of(FILMS).findRefusal(shard("s1"))).isEmpty();
  }

  @Test
  void refusesSettingsThatMakeNoSense() {
    assertThatThrownBy(() -> new BreakerProperties(0, Duration.ofSeconds(1)))
        .hasMessageContaining("mosaic.worker.breaker.failures");
    assertThatThrownBy(() -> new BreakerProperties(1, Duration.ZERO))
        .hasMessageContaining("mosaic.worker.breaker.open-time");
  }

  private void fail(int times) {
    for (int i = times; i > 0; i--) {
      assertThat(breakers.of(FILMS).findRefusal(shard)).isEmpty();
      breakers.of(FILMS).failed(shard, "broken " + i);
    }
  }

  private double changes(String state) {
    return registry.get("mosaic.shard.breaker.changes").tag("state", state).counter().count();
  }

  private static Segment live() {
    return segment(Optional.empty());
  }

  private static Segment shard(String id) {
    return segment(Optional.of(id));
  }

  private static Segment segment(Optional<String> id) {
    return (Segment)
        Proxy.newProxyInstance(
            Segment.class.getClassLoader(),
            new Class<?>[] {Segment.class},
            (_, method, _) -> {
              if (method.getName().equals("shardId")) {
                return id;
              }
              throw new AssertionError("a breaker reads nothing of a shard: " + method.getName());
            });
  }

  private static final class MovedClock extends Clock {
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}

package io.mosaicdb.coordinator.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every tier does. Values are strings. */
abstract class CacheTierContract {
  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  static final long MAX_BYTES = 100_000;
  static final Codec<String> STRINGS =
      new Codec<>() {
        @Override
        public byte[] encode(String value) {
          return value.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public String decode(byte[] bytes) {
          return new String(bytes, StandardCharsets.UTF_8);
        }
      };
  final AtomicReference<Instant> now = new AtomicReference<>(START);
  final InstantSource clock = now::get;
  CacheTier<String> tier;

  /** An empty tier of {@link #MAX_BYTES}. */
  abstract CacheTier<String> open();

  @BeforeEach
  void openTier() {
    tier = open();
  }

  @AfterEach
  void closeTier() {
    tier.close();
  }

  static CacheKey key(String name) {
    return CacheKey.of(name.getBytes(StandardCharsets.UTF_8));
  }

  static Kept<String> kept(String value) {
    return new Kept<>(value, START, START.plus(Duration.ofMinutes(1)), 0);
  }

  void pass(Duration time) {
    now.set(now.get().plus(time));
  }

  @Test
  void findsWhatWasPut() {
    tier.put(key("a"), kept("one"));

    assertThat(tier.find(key("a"))).contains(kept("one"));
    assertThat(tier.mayHave(key("a"))).isTrue();
    assertThat(tier.find(key("b"))).isEmpty();
    assertThat(tier.mayHave(key("b"))).isFalse();
  }

  @Test
  void keepsTheLaterOfTwoValues() {
    tier.put(key("a"), kept("one"));
    tier.put(key("a"), kept("two"));

    assertThat(tier.find(key("a"))).contains(kept("two"));
  }

  @Test
  void doesNotFindWhatHasExpired() {
    tier.put(key("a"), kept("one"));
    pass(Duration.ofSeconds(59));
    assertThat(tier.find(key("a"))).isPresent();

    pass(Duration.ofSeconds(1));

    assertThat(tier.find(key("a"))).isEmpty();
  }

  @Test
  void keepsWhatIsUsedAsLongAsItIsTold() {
    tier.put(key("a"), kept("one"));
    tier.used(key("a"), new Kept<>("one", START, START.plus(Duration.ofMinutes(4)), 2));
    pass(Duration.ofMinutes(3));

    assertThat(tier.find(key("a")))
        .hasValueSatisfying(found -> assertThat(found.uses()).isEqualTo(2));
    pass(Duration.ofMinutes(1));
    assertThat(tier.find(key("a"))).isEmpty();
  }

  @Test
  void doesNotMakeAnEntryOfAUse() {
    tier.used(key("a"), kept("one"));

    assertThat(tier.find(key("a"))).isEmpty();
  }

  @Test
  void forgetsWhatIsRemoved() {
    tier.put(key("a"), kept("one"));
    tier.remove(key("a"));

    assertThat(tier.find(key("a"))).isEmpty();
    assertThat(tier.mayHave(key("a"))).isFalse();
  }

  @Test
  void keepsManyAtOnce() {
    var many = new HashMap<CacheKey, Kept<String>>();
    for (int i = 0; i < 100; i++) {
      many.put(key("key" + i), kept("value" + i));
    }
    tier.putAll(many);

    assertThat(tier.size().entries()).isEqualTo(100);
    assertThat(tier.find(key("key42"))).contains(kept("value42"));
  }

  @Test
  void refusesNothingAndKeepsNothingThatIsTooLarge() {
    tier.put(key("a"), kept("x".repeat((int) MAX_BYTES * 2)));
    settle();

    assertThat(tier.find(key("a"))).isEmpty();
    assertThat(tier.size().bytes()).isLessThanOrEqualTo(MAX_BYTES);
  }

  @Test
  void staysWithinItsBytes() {
    for (int i = 0; i < 100; i++) {
      tier.put(key("key" + i), kept("x".repeat(5_000)));
      if (i % 20 == 19) {
        settle();
      }
    }
    settle();

    assertThat(tier.size().bytes()).isLessThanOrEqualTo(MAX_BYTES);
    assertThat(tier.size().entries()).isPositive().isLessThanOrEqualTo(20);
  }

  /** Lets a tier finish that writes later. */
  void settle() {}
}

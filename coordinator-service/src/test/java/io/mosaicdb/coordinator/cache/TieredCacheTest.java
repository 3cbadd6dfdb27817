package io.mosaicdb.coordinator.cache;

import static io.mosaicdb.coordinator.cache.CacheTierContract.START;
import static io.mosaicdb.coordinator.cache.CacheTierContract.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TieredCacheTest {
  @TempDir Path folder;
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final AtomicReference<Instant> now = new AtomicReference<>(START);
  private final InstantSource clock = now::get;
  private CacheTier<String> disk;
  private TieredCache<String> cache;

  @BeforeEach
  void open() {
    var memory = new MemoryTier<String>(100_000, String::length, clock);
    disk = new DiskTier<>(folder.resolve("results.db"), 100_000, CacheTierContract.STRINGS, clock);
    cache =
        new TieredCache<>(
            "search",
            List.of(memory, disk),
            Duration.ofMinutes(1),
            Duration.ofMinutes(5),
            meters,
            clock);
  }

  @AfterEach
  void close() {
    cache.close();
  }

  private double lookups(String tier, String result) {
    return meters
        .get("mosaic.cache.lookups")
        .tags("cache", "search", "tier", tier, "result", result)
        .counter()
        .count();
  }

  private void pass(Duration time) {
    now.set(now.get().plus(time));
  }

  @Test
  void findsInTheFartherTierAfterARestartAndThenInTheNearer() {
    cache.put(key("a"), "one");
    assertThat(cache.find(key("a"))).isPresent();
    assertThat(lookups("memory", "hit")).isEqualTo(1);
    cache.close();
    open();

    assertThat(cache.find(key("a")))
        .hasValueSatisfying(kept -> assertThat(kept.value()).isEqualTo("one"));
    assertThat(lookups("memory", "miss")).isEqualTo(1);
    assertThat(lookups("disk", "hit")).isEqualTo(1);

    assertThat(cache.find(key("a"))).isPresent();
    assertThat(lookups("memory", "hit")).isEqualTo(2);
    assertThat(lookups("disk", "hit")).isEqualTo(1);
  }

  @Test
  void letsLiveLongerWhatIsUsedOften() {
    cache.put(key("once"), "one");
    cache.put(key("hot"), "two");
    for (int i = 0; i < 2; i++) {
      cache.used(key("hot"), cache.find(key("hot")).orElseThrow());
    }
    pass(Duration.ofSeconds(61));

    assertThat(cache.find(key("once"))).isEmpty();
    assertThat(cache.find(key("hot"))).isPresent();
    pass(Duration.ofMinutes(3));
    assertThat(cache.find(key("hot"))).isEmpty();
  }

  @Test
  void letsNothingLiveLongerThanTheLongestLife() {
    cache.put(key("hot"), "two");
    for (int i = 0; i < 100; i++) {
      cache.used(key("hot"), cache.find(key("hot")).orElseThrow());
    }
    pass(Duration.ofMinutes(5).minusSeconds(1));
    assertThat(cache.find(key("hot"))).isPresent();

    pass(Duration.ofSeconds(1));

    assertThat(cache.find(key("hot"))).isEmpty();
  }

  @Test
  void sparesTheFartherTierWhatIsAskedOnce() {
    cache.put(key("a"), "one");
    assertThat(disk.mayHave(key("a"))).isFalse();

    cache.put(key("a"), "one");

    assertThat(disk.mayHave(key("a"))).isTrue();
  }

  @Test
  void keepsAtTheEndWhatHasNotExpiredAndWasAskedOnce() {
    cache.put(key("gone"), "one");
    pass(Duration.ofSeconds(61));
    for (int i = 0; i < 100; i++) {
      cache.put(key("key" + i), "two");
    }
    cache.close();
    open();

    assertThat(disk.size().entries()).isEqualTo(100);
    assertThat(cache.find(key("key99"))).isPresent();
    assertThat(cache.find(key("gone"))).isEmpty();
  }

  @Test
  void putsWhatIsUsedIntoATierThatLacksIt() {
    cache.put(key("a"), "one");
    assertThat(disk.find(key("a"))).isEmpty();

    cache.used(key("a"), cache.find(key("a")).orElseThrow());

    assertThat(disk.find(key("a")))
        .hasValueSatisfying(kept -> assertThat(kept.uses()).isEqualTo(1));
  }

  @Test
  void tellsPartsOfAKeyApart() {
    byte[] ab = {1, 2};
    byte[] c = {3};
    byte[] a = {1};
    byte[] bc = {2, 3};

    assertThat(CacheKey.of(ab, c)).isNotEqualTo(CacheKey.of(a, bc));
    assertThat(CacheKey.of(ab, c)).isEqualTo(CacheKey.of(ab.clone(), c.clone()));
  }
}

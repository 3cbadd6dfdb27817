package io.mosaicdb.coordinator.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class MemoryTierTest extends CacheTierContract {
  @Override
  CacheTier<String> open() {
    return new MemoryTier<>(MAX_BYTES, String::length, clock);
  }

  @Test
  void tellsWhatEndsWithTheProcess() {
    tier.put(key("expired"), kept("one"));
    pass(Duration.ofSeconds(61));
    var fresh = new Kept<>("two", now.get(), now.get().plusSeconds(60), 1);
    tier.put(key("fresh"), fresh);

    assertThat(tier.passing()).containsOnly(java.util.Map.entry(key("fresh"), fresh));
  }
}

package io.mosaicdb.coordinator.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.mosaicdb.stubs.FileDamage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DiskTierTest extends CacheTierContract {
  @TempDir Path folder;

  @Override
  CacheTier<String> open() {
    return new DiskTier<>(folder.resolve("results.db"), MAX_BYTES, STRINGS, clock);
  }

  @Override
  void settle() {
    reopen();
  }

  private void reopen() {
    tier.close();
    tier = open();
  }

  @Test
  void findsAfterARestartWhatWasPutBefore() {
    tier.put(key("a"), kept("one"));
    tier.put(key("b"), kept("two"));
    reopen();
    tier.used(key("b"), new Kept<>("two", START, START.plus(Duration.ofMinutes(9)), 3));
    reopen();

    assertThat(tier.find(key("a"))).contains(kept("one"));
    assertThat(tier.find(key("b")))
        .contains(new Kept<>("two", START, START.plus(Duration.ofMinutes(9)), 3));
    assertThat(tier.size().entries()).isEqualTo(2);
  }

  @Test
  void forgetsAtAStartWhatHasExpired() {
    tier.put(key("a"), kept("one"));
    reopen();
    pass(Duration.ofMinutes(2));
    reopen();

    assertThat(tier.size()).isEqualTo(new CacheTier.Size(0, 0));
  }

  @Test
  void letsGoFirstWhatWasNotUsedForLongest() {
    for (int i = 0; i < 15; i++) {
      tier.put(key("old" + i), kept("x".repeat(5_000)));
    }
    reopen();
    pass(Duration.ofSeconds(1));
    for (int i = 0; i < 15; i++) {
      tier.put(key("new" + i), kept("x".repeat(5_000)));
    }
    reopen();

    // Which of the old ones go is open: they were used at the same moment.
    assertThat(IntStream.range(0, 15).filter(i -> tier.find(key("old" + i)).isPresent()).count())
        .isLessThan(15);
    for (int i = 0; i < 15; i++) {
      assertThat(tier.find(key("new" + i))).isPresent();
    }
  }

  @Test
  void doesNotHaveWhatItCannotRead() throws IOException {
    tier.put(key("a"), kept("one"));
    reopen();
    tier.close();
    var other =
        new DiskTier<>(
            folder.resolve("results.db"),
            MAX_BYTES,
            new Codec<String>() {
              @Override
              public byte[] encode(String value) {
                return STRINGS.encode(value);
              }

              @Override
              public String decode(byte[] bytes) {
                throw new IllegalArgumentException("of another version");
              }
            },
            clock);
    tier = other;

    assertThat(tier.find(key("a"))).isEmpty();
    assertThat(tier.mayHave(key("a"))).isFalse();
  }

  @Test
  void startsEmptyWithAFileThatIsDamaged() throws IOException {
    tier.put(key("a"), kept("one"));
    tier.close();
    Files.writeString(folder.resolve("results.db"), "damaged ".repeat(2_000));
    tier = open();

    assertThat(tier.find(key("a"))).isEmpty();
    tier.put(key("a"), kept("one"));
    reopen();
    assertThat(tier.find(key("a"))).isPresent();
  }

  @ParameterizedTest
  @EnumSource
  void findsWhatWasPutOrNothingInAFileThatIsDamagedWhileItIsOpen(FileDamage damage)
      throws IOException {
    putMany();

    damage.applyTo(folder.resolve("results.db"));

    requireTrueOrNothing();
    tier.put(key("new"), kept("new"));
    tier.put(key("newer"), kept("newer"));
    reopen();
    requireTrueOrNothing();
    tier.put(key("newest"), kept("newest"));
    reopen();
    assertThat(tier.find(key("newest"))).contains(kept("newest"));
  }

  @Test
  void findsWhatWasPutOrNothingWhereverABitIsFlipped() throws IOException {
    putMany();
    tier.close();
    var file = folder.resolve("results.db");
    var whole = Files.readAllBytes(file);
    var places = new Random(7).longs(40, 0, whole.length).toArray();

    for (long place : places) {
      Files.write(file, whole);
      FileDamage.flip(file, place);
      tier = open();
      requireTrueOrNothing();
      tier.close();
    }

    tier = open();
  }

  private void putMany() {
    for (int i = 0; i < 30; i++) {
      tier.put(key("k" + i), kept(value(i)));
    }
    reopen();
    assertThat(tier.find(key("k7"))).contains(kept(value(7)));
  }

  private void requireTrueOrNothing() {
    for (int i = 0; i < 30; i++) {
      var expected = value(i);
      assertThat(tier.find(key("k" + i)))
          .satisfiesAnyOf(
              found -> assertThat(found).isEmpty(),
              found -> assertThat(found.orElseThrow().value()).isEqualTo(expected));
    }
  }

  private static String value(int i) {
    return ("value " + i + " ").repeat(30);
  }
}

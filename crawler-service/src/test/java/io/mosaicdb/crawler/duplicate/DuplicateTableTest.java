package io.mosaicdb.crawler.duplicate;

import static org.assertj.core.api.Assertions.assertThat;

import io.mosaicdb.crawler.duplicate.Folding.Kind;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class DuplicateTableTest {
  private Connection connection;
  private DuplicateTable table;

  @BeforeEach
  void open() throws SQLException {
    connection = DriverManager.getConnection("jdbc:sqlite::memory:");
    DuplicateTable.create(connection);
    table = new DuplicateTable(connection, "crawl");
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
  }

  @Test
  void showsTheShorterUrlOfTwoWithTheSameText() throws SQLException {
    assertThat(table.put(page("http://a/index.html", null, "x", 0)).kind()).isEqualTo(Kind.UNIQUE);

    Folding shorter = table.put(page("http://a/", null, "x", 0));

    assertThat(shorter.kind()).isEqualTo(Kind.UNIQUE);
    assertThat(shorter.folded()).containsExactly(URI.create("http://a/index.html"));
    Folding longer = standing("http://a/index.html");
    assertThat(longer.kind()).isEqualTo(Kind.EXACT);
    assertThat(longer.shown()).isEqualTo(URI.create("http://a/"));
  }

  @Test
  void showsThePageThatNamesItselfCanonicalHoweverLongItsUrl() throws SQLException {
    table.put(page("http://a/x", null, "x", 0));

    Folding own = table.put(page("http://a/the/real/one", "http://a/the/real/one", "x", 0));

    assertThat(own.folded()).containsExactly(URI.create("http://a/x"));
  }

  @Test
  void foldsNearTextsUpToThreeBits() throws SQLException {
    long hash = 0x0123456789abcdefL;
    table.put(page("http://a/1", null, "x", hash));

    assertThat(table.put(page("http://a/22", null, "y", hash ^ 0x8000000100000001L)).kind())
        .isEqualTo(Kind.NEAR);
    assertThat(table.put(page("http://a/333", null, "z", hash ^ 0x8000100100000001L ^ 0L)).kind())
        .isEqualTo(Kind.NEAR);
    assertThat(table.put(page("http://b/4444", null, "w", hash ^ 0x00f0000000000000L)).kind())
        .isEqualTo(Kind.UNIQUE);
  }

  @Test
  void unfoldsAPageWhenTheOneBeforeItGoesOrChanges() throws SQLException {
    table.put(page("http://a/", null, "x", 0));
    table.put(page("http://a/copy", null, "x", 0));

    assertThat(table.put(page("http://a/", null, "new", 0)).unfolded())
        .containsExactly(URI.create("http://a/copy"));
    table.put(page("http://a/", null, "x", 0));
    assertThat(table.remove(URI.create("http://a/"))).containsExactly(URI.create("http://a/copy"));
    assertThat(table.remove(URI.create("http://a/"))).isEmpty();
  }

  @Test
  void foldsNoPagesWithoutText() throws SQLException {
    table.put(page("http://a/1", null, "", 0));

    assertThat(table.put(page("http://a/2", null, "", 0)).kind()).isEqualTo(Kind.UNIQUE);
  }

  @Test
  void keepsCrawlsApart() throws SQLException {
    table.put(page("http://a/", null, "x", 0));

    assertThat(
            new DuplicateTable(connection, "other").put(page("http://a/copy", null, "x", 0)).kind())
        .isEqualTo(Kind.UNIQUE);
  }

  /**
   * Random pages in clusters, put, changed and removed: the same as comparing all pairs, whatever
   * the order.
   */
  @Test
  void saysWhatComparingAllPairsSays() throws SQLException {
    for (long seed = 1; seed <= 3; seed++) {
      Random random = new Random(seed);
      List<Fingerprint> pages = pages(random);
      Map<URI, Fingerprint> known = new TreeMap<>();
      Set<URI> shown = new HashSet<>();
      DuplicateTable tested = new DuplicateTable(connection, "seed " + seed);
      for (Fingerprint page : pages) {
        Folding folding = tested.put(page);
        known.put(page.url(), page);
        follow(shown, page.url(), folding);
        if (random.nextInt(6) == 0) {
          URI gone = pages.get(random.nextInt(pages.size())).url();
          shown.addAll(tested.remove(gone));
          shown.remove(gone);
          known.remove(gone);
        }
      }

      assertThat(shown).as("shown, seed %d", seed).isEqualTo(byAllPairs(known));
      for (Fingerprint page : known.values()) {
        Folding standing = tested.standing(page.url());
        assertThat(standing).isNotNull();
        assertThat(shown).as("seed %d, %s", seed, page).contains(standing.shown());
      }
      assertThat(inAnotherOrder(known, random)).as("another order, seed %d", seed).isEqualTo(shown);
    }
  }

  private Set<URI> inAnotherOrder(Map<URI, Fingerprint> known, Random random) throws SQLException {
    List<Fingerprint> shuffled = new ArrayList<>(known.values());
    Collections.shuffle(shuffled, random);
    DuplicateTable other = new DuplicateTable(connection, "shuffled " + random.nextLong());
    Set<URI> shown = new HashSet<>();
    for (Fingerprint page : shuffled) {
      follow(shown, page.url(), other.put(page));
    }
    return shown;
  }

  private static void follow(Set<URI> shown, URI url, Folding folding) {
    if (folding.shown().equals(url)) {
      shown.add(url);
    } else {
      shown.remove(url);
    }
    shown.removeAll(folding.folded());
    shown.addAll(folding.unfolded());
  }

  private static Set<URI> byAllPairs(Map<URI, Fingerprint> known) {
    Set<URI> shown = new HashSet<>();
    for (Fingerprint page : known.values()) {
      boolean preceded =
          known.values().stream()
              .anyMatch(other ->
                  (other.textSha256().equals(page.textSha256())
                          || (other.simHash() != 0
                              && page.simHash() != 0
                              && Long.bitCount(other.simHash() ^ page.simHash()) <= 3))
                      && DuplicateTable.ORDER.compare(other, page) < 0);
      if (!preceded) {
        shown.add(page.url());
      }
    }
    return shown;
  }

  private static List<Fingerprint> pages(Random random) {
    long[] centres = random.longs(12).toArray();
    List<Fingerprint> pages = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      long hash = centres[random.nextInt(centres.length)];
      for (int flips = random.nextInt(5); flips > 0; flips--) {
        hash ^= 1L << random.nextInt(64);
      }
      String url = "http://h/" + "p".repeat(random.nextInt(4)) + random.nextInt(150);
      String canonical =
          random.nextInt(5) == 0 ? url : random.nextInt(9) == 0 ? "http://h/else" : null;
      boolean isShort = random.nextInt(10) == 0;
      pages.add(page(url, canonical, "text " + random.nextInt(200), isShort ? 0 : hash));
    }
    return pages;
  }

  private Folding standing(String url) throws SQLException {
    Folding standing = table.standing(URI.create(url));
    assertThat(standing).isNotNull();
    return standing;
  }

  private static Fingerprint page(
      String url, @Nullable String canonical, String text, long simHash) {
    return new Fingerprint(
        URI.create(url),
        canonical == null ? null : URI.create(canonical),
        SimHash.exact(text),
        simHash);
  }
}

package io.mosaicdb.crawler.duplicate;

import io.mosaicdb.crawler.duplicate.Folding.Kind;
import java.net.URI;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fingerprints of one crawl, in a SQLite connection that the caller owns, together with its
 * transaction: a page and what became of it are committed together or not at all. Not safe for
 * several threads.
 *
 * <p>Pages are in one total order: those that name themselves as canonical, then those that name
 * nothing, then those that name another; within these the shorter URL, then the URL that sorts
 * first. A page is folded when one of its duplicates stands before it, and is shown for itself
 * otherwise. So it is settled by the set of pages alone. A page may be folded into one that is
 * folded itself; {@link Folding#shown} follows the chain to its end.
 *
 * <p>Look-up of near duplicates: two hashes of 64 bits that differ in at most three bits agree in
 * at least one of their four quarters of 16 bits (Manku et al. 2007, section 3.1, with four
 * tables). Each quarter has an index; what agrees in one is compared in full.
 */
public final class DuplicateTable {
  private static final String NO_TEXT = SimHash.exact("");
  private static final String SAME_TEXT =
      "SELECT url, canonical, sha256, simhash FROM page_fingerprints WHERE crawl = ? AND sha256 = ?";

  private final Connection connection;
  private final String crawl;

  /** The fingerprints of {@code crawl} in a database that has the {@linkplain #create tables}. */
  public DuplicateTable(Connection connection, String crawl) {
    this.connection = connection;
    this.crawl = crawl;
  }

  /** Makes the table and its indexes where they are missing. */
  public static void create(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          """
          CREATE TABLE IF NOT EXISTS page_fingerprints(
            crawl TEXT NOT NULL, url TEXT NOT NULL, canonical TEXT, sha256 TEXT NOT NULL, simhash INTEGER NOT NULL,
            q0 INTEGER AS (simhash & 65535), q1 INTEGER AS (simhash >> 16 & 65535),
            q2 INTEGER AS (simhash >> 32 & 65535), q3 INTEGER AS (simhash >> 48 & 65535),
            PRIMARY KEY (crawl, url)) WITHOUT ROWID\
          """);
      statement.execute(
          "CREATE INDEX IF NOT EXISTS page_fingerprints_exact ON page_fingerprints(crawl, sha256)");
      for (int quarter = 0; quarter < 4; quarter++) {
        statement.execute(
            "CREATE INDEX IF NOT EXISTS page_fingerprints_q%d ON page_fingerprints(crawl, q%d) WHERE simhash <> 0"
                .formatted(quarter, quarter));
      }
    }
  }

  /**
   * Remembers a page in place of what was known of its URL, and says where it and its duplicates
   * now stand.
   */
  public Folding put(Fingerprint page) throws SQLException {
    Fingerprint before = find(page.url());
    if (page.equals(before)) {
      return folding(page, List.of(), List.of());
    }
    Set<Fingerprint> affected = new HashSet<>(duplicates(page));
    if (before != null) {
      affected.addAll(duplicates(before));
    }
    affected.removeIf(other -> other.url().equals(page.url()));
    Set<URI> shown = shown(affected);
    delete(page.url());
    insert(page);
    return changed(page, affected, shown);
  }

  /** Forgets a page; its duplicates that are to be shown now are the result's {@code unfolded}. */
  public List<URI> remove(URI url) throws SQLException {
    Fingerprint before = find(url);
    if (before == null) {
      return List.of();
    }
    List<Fingerprint> affected = duplicates(before);
    Set<URI> shown = shown(affected);
    delete(url);
    List<URI> unfolded = new ArrayList<>();
    for (URI now : shown(affected)) {
      if (!shown.contains(now)) {
        unfolded.add(now);
      }
    }
    return sorted(unfolded);
  }

  /** Where a known page stands now. Null for an unknown one. */
  public @Nullable Folding standing(URI url) throws SQLException {
    Fingerprint page = find(url);
    return page == null ? null : folding(page, List.of(), List.of());
  }

  private Folding changed(Fingerprint page, Set<Fingerprint> affected, Set<URI> before)
      throws SQLException {
    Set<URI> now = shown(affected);
    List<URI> folded = new ArrayList<>();
    List<URI> unfolded = new ArrayList<>();
    for (Fingerprint other : affected) {
      if (before.contains(other.url()) && !now.contains(other.url())) {
        folded.add(other.url());
      } else if (!before.contains(other.url()) && now.contains(other.url())) {
        unfolded.add(other.url());
      }
    }
    return folding(page, sorted(folded), sorted(unfolded));
  }

  private Folding folding(Fingerprint page, List<URI> folded, List<URI> unfolded)
      throws SQLException {
    Fingerprint shown = page;
    Fingerprint next = first(shown);
    // Every step stands before the last one, so the chain ends.
    while (!next.url().equals(shown.url())) {
      shown = next;
      next = first(shown);
    }
    if (shown.url().equals(page.url())) {
      return new Folding(page.url(), Kind.UNIQUE, 0, folded, unfolded);
    }
    boolean exact = shown.textSha256().equals(page.textSha256());
    int distance = exact ? 0 : SimHash.distance(shown.simHash(), page.simHash());
    return new Folding(shown.url(), exact ? Kind.EXACT : Kind.NEAR, distance, folded, unfolded);
  }

  private Set<URI> shown(Iterable<Fingerprint> pages) throws SQLException {
    Set<URI> shown = new HashSet<>();
    for (Fingerprint page : pages) {
      if (first(page).url().equals(page.url())) {
        shown.add(page.url());
      }
    }
    return shown;
  }

  /** The first of a page and its duplicates. */
  private Fingerprint first(Fingerprint page) throws SQLException {
    Fingerprint first = page;
    for (Fingerprint other : duplicates(page)) {
      if (ORDER.compare(other, first) < 0) {
        first = other;
      }
    }
    return first;
  }

  private List<Fingerprint> duplicates(Fingerprint page) throws SQLException {
    List<Fingerprint> found = new ArrayList<>();
    if (page.textSha256().equals(NO_TEXT)) {
      return found;
    }
    boolean near = page.simHash() != 0;
    try (PreparedStatement select = connection.prepareStatement(near ? NEAR_TEXT : SAME_TEXT)) {
      select.setString(1, crawl);
      select.setString(2, page.textSha256());
      for (int quarter = 0; near && quarter < 4; quarter++) {
        select.setString(3 + 2 * quarter, crawl);
        select.setLong(4 + 2 * quarter, (page.simHash() >>> (16 * quarter)) & 0xffff);
      }
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          Fingerprint other = fingerprint(rows);
          if (!other.url().equals(page.url()) && isDuplicate(page, other)) {
            found.add(other);
          }
        }
      }
    }
    return found;
  }

  static boolean isDuplicate(Fingerprint a, Fingerprint b) {
    // Pages that show no text, such as galleries, have nothing in common.
    return (a.textSha256().equals(b.textSha256()) && !a.textSha256().equals(NO_TEXT))
        || (a.simHash() != 0
            && b.simHash() != 0
            && SimHash.distance(a.simHash(), b.simHash()) <= SimHash.NEAR_BITS);
  }

  private @Nullable Fingerprint find(URI url) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT url, canonical, sha256, simhash FROM page_fingerprints WHERE crawl = ? AND url = ?")) {
      select.setString(1, crawl);
      select.setString(2, url.toString());
      try (ResultSet rows = select.executeQuery()) {
        return rows.next() ? fingerprint(rows) : null;
      }
    }
  }

  private void delete(URI url) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM page_fingerprints WHERE crawl = ? AND url = ?")) {
      delete.setString(1, crawl);
      delete.setString(2, url.toString());
      delete.executeUpdate();
    }
  }

  private void insert(Fingerprint page) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO page_fingerprints(crawl, url, canonical, sha256, simhash) VALUES (?, ?, ?, ?, ?)")) {
      insert.setString(1, crawl);
      insert.setString(2, page.url().toString());
      insert.setString(3, page.canonical() == null ? null : page.canonical().toString());
      insert.setString(4, page.textSha256());
      insert.setLong(5, page.simHash());
      insert.executeUpdate();
    }
  }

  private static Fingerprint fingerprint(ResultSet row) throws SQLException {
    String canonical = row.getString(2);
    return new Fingerprint(
        URI.create(row.getString(1)),
        canonical == null ? null : URI.create(canonical),
        row.getString(3),
        row.getLong(4));
  }

  private static List<URI> sorted(List<URI> urls) {
    urls.sort(Comparator.naturalOrder());
    return urls;
  }

  private static int rank(Fingerprint page) {
    if (page.canonical() == null) {
      return 1;
    }
    return page.canonical().equals(page.url()) ? 0 : 2;
  }

  private static final String NEAR_TEXT =
      SAME_TEXT
          + """
          UNION ALL SELECT url, canonical, sha256, simhash FROM page_fingerprints INDEXED BY page_fingerprints_q0
            WHERE crawl = ? AND q0 = ? AND simhash <> 0
          UNION ALL SELECT url, canonical, sha256, simhash FROM page_fingerprints INDEXED BY page_fingerprints_q1
            WHERE crawl = ? AND q1 = ? AND simhash <> 0
          UNION ALL SELECT url, canonical, sha256, simhash FROM page_fingerprints INDEXED BY page_fingerprints_q2
            WHERE crawl = ? AND q2 = ? AND simhash <> 0
          UNION ALL SELECT url, canonical, sha256, simhash FROM page_fingerprints INDEXED BY page_fingerprints_q3
            WHERE crawl = ? AND q3 = ? AND simhash <> 0\
          """;

  /** The page to be shown for several stands first. */
  static final Comparator<Fingerprint> ORDER =
      Comparator.comparingInt(DuplicateTable::rank)
          .thenComparingInt(page -> page.url().toString().length())
          .thenComparing(page -> page.url().toString());
}

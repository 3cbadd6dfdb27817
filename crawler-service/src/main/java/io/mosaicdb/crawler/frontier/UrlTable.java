package io.mosaicdb.crawler.frontier;

import io.mosaicdb.crawler.duplicate.DuplicateTable;
import io.mosaicdb.crawler.duplicate.Fingerprint;
import io.mosaicdb.crawler.duplicate.Folding;
import io.mosaicdb.crawler.frontier.Settlement.Content;
import io.mosaicdb.crawler.url.HostKey;
import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The URLs of one crawl within one piece of work of the writer. What it queues it counts, so that
 * whoever hands out work need not look.
 */
final class UrlTable {
  /** The reason of a URL that sends its reader to another one. */
  static final String REDIRECT = "redirect";

  private static final String GIVEN_UP = "host_given_up";

  private record Known(
      long number, long host, int depth, String state, String reason, @Nullable Long leadsTo) {}

  private record HostRow(Added.Host host, @Nullable String givenUp) {}

  private final Sql sql;
  private final FrontierCrawl crawl;
  private final DuplicateTable duplicates;
  private final Map<HostKey, HostRow> hosts = new HashMap<>();
  private final Map<Added.Host, Integer> queued = new HashMap<>();

  UrlTable(Sql sql, FrontierCrawl crawl) {
    this.sql = sql;
    this.crawl = crawl;
    this.duplicates = new DuplicateTable(sql.connection(), crawl.id());
  }

  Map<Added.Host, Integer> queued() {
    return queued;
  }

  /** The next URL of a host; empty where none is due. */
  static Optional<ClaimedUrl> claim(Sql sql, long host, Instant now) throws SQLException {
    return sql.find(
        """
        UPDATE urls SET state = 'fetching', claims = claims + 1 WHERE number = (
          SELECT number FROM urls WHERE host = ? AND state = 'queued' AND next_at <= ?
          ORDER BY claims DESC, priority DESC, depth, number LIMIT 1)
        RETURNING number, host, url, kind, depth, priority, hops, tries, etag, last_modified, text_sha256, interval_ms
        """,
        UrlTable::claimed,
        host,
        now.toEpochMilli());
  }

  private static ClaimedUrl claimed(ResultSet row) throws SQLException {
    return new ClaimedUrl(
        row.getLong(1),
        row.getLong(2),
        URI.create(row.getString(3)),
        UrlKind.parse(row.getString(4)),
        row.getInt(5),
        row.getInt(6),
        row.getInt(7),
        row.getInt(8),
        row.getString(9),
        row.getString(10),
        row.getString(11),
        Columns.longOrNull(row, 12));
  }

  /** Adds a URL, or lowers the depth and raises the priority of a known one; answers its number. */
  long discover(Discovery found, @Nullable Long via) throws SQLException {
    var host = host(found.host());
    var state = UrlState.QUEUED;
    var reason = "waiting";
    if (found.skip() != null) {
      state = UrlState.SKIPPED;
      reason = found.skip();
    } else if (found.depth() > crawl.maxDepth()) {
      state = UrlState.SKIPPED;
      reason = "depth";
    } else if (host.givenUp() != null) {
      state = UrlState.FAILED;
      reason = GIVEN_UP;
    }
    int added =
        sql.update(
            """
            INSERT INTO urls(crawl, host, url, kind, state, reason, depth, priority, hops, via)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (crawl, url) DO NOTHING
            """,
            crawl.number(),
            host.host().number(),
            found.url().toString(),
            found.kind().wireName(),
            state.wireName(),
            reason,
            found.depth(),
            found.priority(),
            found.hops(),
            via);
    if (added > 0) {
      if (state == UrlState.QUEUED) {
        queued.merge(host.host(), 1, Integer::sum);
      }
      return sql.findLong("SELECT last_insert_rowid()").orElseThrow();
    }
    var known = find(found.url()).orElseThrow();
    if (found.depth() < known.depth()) {
      lower(known.number(), found.depth());
    }
    var _ =
        sql.update(
            "UPDATE urls SET priority = ?1 WHERE number = ?2 AND priority < ?1 AND state = 'queued'",
            found.priority(),
            known.number());
    return known.number();
  }

  private HostRow host(HostKey key) throws SQLException {
    var seen = hosts.get(key);
    if (seen != null) {
      return seen;
    }
    var _ =
        sql.update(
            "INSERT INTO hosts(crawl, host) VALUES (?, ?) ON CONFLICT DO NOTHING",
            crawl.number(),
            key.toString());
    var row =
        sql.find(
                "SELECT number, given_up FROM hosts WHERE crawl = ? AND host = ?",
                found -> new HostRow(new Added.Host(found.getLong(1), key), found.getString(2)),
                crawl.number(),
                key.toString())
            .orElseThrow();
    hosts.put(key, row);
    return row;
  }

  private Optional<Known> find(URI url) throws SQLException {
    return sql.find(
        "SELECT number, host, depth, state, reason, leads_to FROM urls WHERE crawl = ? AND url = ?",
        UrlTable::known,
        crawl.number(),
        url.toString());
  }

  private Known load(long number) throws SQLException {
    return sql.find(
            "SELECT number, host, depth, state, reason, leads_to FROM urls WHERE number = ?",
            UrlTable::known,
            number)
        .orElseThrow();
  }

  private static Known known(ResultSet row) throws SQLException {
    return new Known(
        row.getLong(1),
        row.getLong(2),
        row.getInt(3),
        row.getString(4),
        row.getString(5),
        Columns.longOrNull(row, 6));
  }

  /**
   * A shorter way to a page was found, and so to all that it leads to: which pages a crawl of
   * limited depth fetches does not depend on the order in which it fetches them.
   */
  private void lower(long from, int to) throws SQLException {
    record Step(long url, int depth) {}
    var steps = new ArrayDeque<Step>();
    steps.add(new Step(from, to));
    for (var step = steps.poll(); step != null; step = steps.poll()) {
      var known = load(step.url());
      if (step.depth() >= known.depth()) {
        continue;
      }
      // The document shows its depth.
      var _ =
          sql.update(
              "UPDATE urls SET depth = ?, changed = changed + (text_sha256 IS NOT NULL) WHERE number = ?",
              step.depth(),
              step.url());
      if (known.state().equals("skipped")
          && known.reason().equals("depth")
          && step.depth() <= crawl.maxDepth()) {
        var _ =
            sql.update(
                "UPDATE urls SET state = 'queued', reason = 'waiting' WHERE number = ?",
                step.url());
        queued.merge(hostOf(known.host()), 1, Integer::sum);
      }
      if (known.leadsTo() != null) {
        steps.add(new Step(known.leadsTo(), step.depth()));
      }
      for (long target :
          sql.list(
              "SELECT target FROM links WHERE source = ?", row -> row.getLong(1), step.url())) {
        steps.add(new Step(target, step.depth() + 1));
      }
    }
  }

  private Added.Host hostOf(long number) throws SQLException {
    return sql.find(
            "SELECT host FROM hosts WHERE number = ?",
            row -> new Added.Host(number, HostKey.of(URI.create(row.getString(1) + "/"))),
            number)
        .orElseThrow();
  }

  /** Keeps what came of a URL and all that it led to. */
  Added settle(Settlement outcome) throws SQLException {
    var url = outcome.url();
    var before = load(url.number());
    int nearer = url.depth() - before.depth();
    var targets = new HashMap<Long, String>();
    Long leadsTo = null;
    for (var each : outcome.discovered()) {
      var found = nearer > 0 ? nearer(each, nearer) : each;
      long target = discover(found, url.number());
      if (each.url().equals(outcome.leadsTo())) {
        leadsTo = target;
      }
      if (each.anchor() != null && target != url.number()) {
        targets.putIfAbsent(target, each.anchor());
      }
    }
    var reason = outcome.reason();
    switch (outcome.content()) {
      case Content.Kept() -> leadsTo = leadsTo == null ? before.leadsTo() : leadsTo;
      case Content.Gone() -> {
        drop(url);
        replaceLinks(url.number(), targets);
      }
      case Content.Fresh fresh -> {
        var folding = keep(url, fresh, leadsTo != null);
        replaceLinks(url.number(), targets);
        if (folding != null && folding.kind() != Folding.Kind.UNIQUE) {
          leadsTo = find(folding.shown()).orElseThrow().number();
          reason = reason(folding);
        }
      }
    }
    var recheck = outcome.recheck();
    var _ =
        sql.update(
            """
            UPDATE urls SET state = ?, reason = ?, detail = ?, status = ?, bytes = ?, fetched_at = ?, leads_to = ?,
              claims = 0, tries = tries + 1, next_at = 0,
              interval_ms = coalesce(?, interval_ms), due_at = coalesce(?, due_at) WHERE number = ?
            """,
            outcome.state().wireName(),
            reason,
            outcome.detail(),
            outcome.status(),
            outcome.status() == null ? null : outcome.bytes(),
            outcome.status() == null ? null : outcome.at().toEpochMilli(),
            leadsTo,
            recheck == null ? null : recheck.interval().toMillis(),
            recheck == null ? null : recheck.due().toEpochMilli(),
            url.number());
    if (leadsTo != null && shownFor(leadsTo) == null && outcome.reason().equals(REDIRECT)) {
      reason = "redirect_loop";
      var _ =
          sql.update(
              "UPDATE urls SET state = 'failed', reason = ? WHERE number = ?",
              reason,
              url.number());
    }
    if (!Objects.equals(leadsTo, before.leadsTo())) {
      anchorsChanged(before.leadsTo());
      anchorsChanged(leadsTo);
    }
    if (outcome.fetched()) {
      var _ =
          sql.update(
              "UPDATE crawls SET fetched = fetched + 1, bytes = bytes + ? WHERE number = ?",
              outcome.bytes(),
              crawl.number());
    }
    var standsFor =
        leadsTo == null
            ? ""
            : sql.find("SELECT url FROM urls WHERE number = ?", row -> row.getString(1), leadsTo)
                .orElse("");
    return new Added(queued, reason, standsFor);
  }

  private static Discovery nearer(Discovery found, int by) {
    return new Discovery(
        found.url(),
        found.kind(),
        Math.max(0, found.depth() - by),
        found.priority(),
        found.hops(),
        found.anchor(),
        found.skip());
  }

  /** Keeps a page; where it stands among its duplicates, null where it has a canonical one. */
  private @Nullable Folding keep(ClaimedUrl url, Content.Fresh fresh, boolean ledElsewhere)
      throws SQLException {
    var _ =
        sql.update(
            "INSERT OR REPLACE INTO pages(url, content) VALUES (?, ?)",
            url.number(),
            fresh.bytes());
    var _ =
        sql.update(
            """
            UPDATE urls SET etag = ?, last_modified = ?, text_sha256 = ?, simhash = ?,
              changed = changed + 1, urgent = 1 WHERE number = ?
            """,
            fresh.etag(),
            fresh.lastModified(),
            fresh.textSha256(),
            fresh.simHash(),
            url.number());
    if (ledElsewhere || !fresh.folds()) {
      unfold(duplicates.remove(url.url()));
      return null;
    }
    return fold(new Fingerprint(url.url(), fresh.canonical(), fresh.textSha256(), fresh.simHash()));
  }

  private Folding fold(Fingerprint page) throws SQLException {
    var folding = duplicates.put(page);
    for (var folded : folding.folded()) {
      var standing = duplicates.standing(folded);
      if (standing != null) {
        var _ =
            sql.update(
                """
                UPDATE urls SET leads_to = ?, reason = ?, changed = changed + 1, urgent = 1
                WHERE crawl = ? AND url = ?
                """,
                find(standing.shown()).orElseThrow().number(),
                reason(standing),
                crawl.number(),
                folded.toString());
      }
    }
    unfold(folding.unfolded());
    return folding;
  }

  private static String reason(Folding folding) {
    return switch (folding.kind()) {
      case UNIQUE -> "stored";
      case EXACT -> "duplicate";
      case NEAR -> "near_duplicate";
    };
  }

  private void unfold(List<URI> pages) throws SQLException {
    for (var page : pages) {
      var _ =
          sql.update(
              """
              UPDATE urls SET leads_to = NULL, reason = 'stored', changed = changed + 1, urgent = 1
              WHERE crawl = ? AND url = ?
              """,
              crawl.number(),
              page.toString());
    }
  }

  private void drop(ClaimedUrl url) throws SQLException {
    unfold(duplicates.remove(url.url()));
    var _ = sql.update("DELETE FROM pages WHERE url = ?", url.number());
    var _ =
        sql.update(
            """
            UPDATE urls SET etag = NULL, last_modified = NULL, text_sha256 = NULL,
              changed = changed + (document IS NOT NULL), urgent = document IS NOT NULL
            WHERE number = ?
            """,
            url.number());
  }

  private void replaceLinks(long source, Map<Long, String> targets) throws SQLException {
    var before = new HashMap<Long, String>();
    for (var link :
        sql.list(
            "SELECT target, anchor FROM links WHERE source = ?",
            row -> Map.entry(row.getLong(1), row.getString(2)),
            source)) {
      before.put(link.getKey(), link.getValue());
    }
    for (var link : before.entrySet()) {
      if (!targets.containsKey(link.getKey())) {
        var _ =
            sql.update("DELETE FROM links WHERE source = ? AND target = ?", source, link.getKey());
        anchorsChanged(link.getValue().isEmpty() ? null : link.getKey());
      }
    }
    for (var link : targets.entrySet()) {
      if (!link.getValue().equals(before.get(link.getKey()))) {
        var _ =
            sql.update(
                "INSERT OR REPLACE INTO links(source, target, anchor) VALUES (?, ?, ?)",
                source,
                link.getKey(),
                link.getValue());
        anchorsChanged(link.getValue().isEmpty() ? null : link.getKey());
      }
    }
  }

  /** The document of the page that stands for a URL has other anchors now. */
  private void anchorsChanged(@Nullable Long url) throws SQLException {
    Long last = url == null ? null : shownFor(url);
    if (last != null) {
      var _ =
          sql.update(
              "UPDATE urls SET changed = changed + 1 WHERE number = ? AND text_sha256 IS NOT NULL",
              last);
    }
  }

  /** The URL at the end of the chain; null where it runs in a circle. */
  private @Nullable Long shownFor(long url) throws SQLException {
    var seen = new HashSet<Long>();
    long at = url;
    while (seen.add(at)) {
      var next = sql.findLong("SELECT leads_to FROM urls WHERE number = ?", at);
      if (next.isEmpty()) {
        return at;
      }
      at = next.getAsLong();
    }
    return null;
  }

  /**
   * A page that names another one as canonical is not stored, unless that one turned out not to be:
   * gone, refused, or pointing back. To be asked when nothing is left to fetch.
   */
  int promoteOrphans() throws SQLException {
    record Page(long number, URI url, String sha256, long simHash) {}
    int promoted = 0;
    for (var page :
        sql.list(
            """
            SELECT number, url, text_sha256, simhash FROM urls
            WHERE crawl = ? AND state = 'done' AND reason = 'canonical' AND text_sha256 IS NOT NULL
            ORDER BY length(url), url
            """,
            row ->
                new Page(
                    row.getLong(1), URI.create(row.getString(2)), row.getString(3), row.getLong(4)),
            crawl.number())) {
      var shown = shownFor(page.number());
      var stored =
          shown != null
              && shown != page.number()
              && sql.findLong("SELECT url FROM pages WHERE url = ?", shown).isPresent();
      if (!stored) {
        var _ =
            sql.update(
                "UPDATE urls SET leads_to = NULL, reason = 'stored', changed = changed + 1, urgent = 1 WHERE number = ?",
                page.number());
        var folding = fold(new Fingerprint(page.url(), null, page.sha256(), page.simHash()));
        if (folding.kind() != Folding.Kind.UNIQUE) {
          var _ =
              sql.update(
                  "UPDATE urls SET leads_to = ?, reason = ? WHERE number = ?",
                  find(folding.shown()).orElseThrow().number(),
                  reason(folding),
                  page.number());
        }
        promoted++;
      }
    }
    return promoted;
  }
}

package io.mosaicdb.crawler.frontier;

import io.mosaicdb.crawler.frontier.FrontierDatabase.Durability;
import io.mosaicdb.crawler.robots.RobotsStore;
import io.mosaicdb.crawler.url.HostKey;
import java.net.URI;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What all crawls know, on disk. Every method is one transaction; the package says what survives
 * what. Thread-safe; meant to be called from virtual threads, which wait while SQLite works.
 */
public final class Frontier implements AutoCloseable {
  private static final int MOST_ANCHORS = 50;
  private static final String CRAWL_COLUMNS =
      "number, id, namespace, specification, state, reason, run, fetched, bytes, created_at, run_started_at, finished_at, next_run_at";

  private final FrontierDatabase database;

  private Frontier(FrontierDatabase database) {
    this.database = database;
  }

  /**
   * Opens the file, or makes it with its folder.
   *
   * @throws IllegalStateException if another process has it, or it can be neither opened nor made
   */
  public static Frontier open(Path file) {
    return new Frontier(FrontierDatabase.open(file));
  }

  /** What a new crawl is. */
  public record NewCrawl(
      String id,
      String namespace,
      String specification,
      int maxDepth,
      @Nullable String idempotencyKey,
      Instant at) {}

  /**
   * Keeps a crawl with its seeds. With an idempotency key that is known, the crawl of that time is
   * answered and nothing is kept.
   */
  public CrawlRow create(NewCrawl crawl, List<Discovery> seeds) {
    return database.write(
        Durability.POWER_LOSS,
        sql -> {
          if (crawl.idempotencyKey() != null) {
            var known =
                sql.find(
                    "SELECT " + CRAWL_COLUMNS + " FROM crawls WHERE idempotency_key = ?",
                    Frontier::crawl,
                    crawl.idempotencyKey());
            if (known.isPresent()) {
              return known.get();
            }
          }
          var _ =
              sql.update(
                  """
                  INSERT INTO crawls(id, namespace, specification, state, created_at, run_started_at, idempotency_key)
                  VALUES (?, ?, ?, 'running', ?, ?, ?)
                  """,
                  crawl.id(),
                  crawl.namespace(),
                  crawl.specification(),
                  crawl.at().toEpochMilli(),
                  crawl.at().toEpochMilli(),
                  crawl.idempotencyKey());
          var row = load(sql, crawl.id());
          var urls = new UrlTable(sql, new FrontierCrawl(row.number(), row.id(), crawl.maxDepth()));
          for (var seed : seeds) {
            var _ = urls.discover(seed, null);
          }
          return row;
        });
  }

  private static CrawlRow load(Sql sql, String id) throws SQLException {
    return sql.find("SELECT " + CRAWL_COLUMNS + " FROM crawls WHERE id = ?", Frontier::crawl, id)
        .orElseThrow();
  }

  private static CrawlRow crawl(ResultSet row) throws SQLException {
    return new CrawlRow(
        row.getLong(1),
        row.getString(2),
        row.getString(3),
        row.getString(4),
        row.getString(5),
        row.getString(6),
        row.getInt(7),
        row.getLong(8),
        row.getLong(9),
        Instant.ofEpochMilli(row.getLong(10)),
        Columns.instant(row, 11),
        Columns.instant(row, 12),
        Columns.instant(row, 13));
  }

  /** The newest first. */
  public List<CrawlRow> crawls() {
    return database.read(sql ->
        sql.list("SELECT " + CRAWL_COLUMNS + " FROM crawls ORDER BY number DESC", Frontier::crawl));
  }

  public Optional<CrawlRow> find(String id) {
    return database.read(sql ->
        sql.find("SELECT " + CRAWL_COLUMNS + " FROM crawls WHERE id = ?", Frontier::crawl, id));
  }

  /** Keeps a crawl's state, which somebody may have been told. */
  public void state(
      FrontierCrawl crawl,
      String state,
      @Nullable String reason,
      @Nullable Instant finishedAt,
      @Nullable Instant nextRunAt) {
    var _ =
        database.write(
            Durability.POWER_LOSS,
            sql ->
                sql.update(
                    "UPDATE crawls SET state = ?, reason = ?, finished_at = ?, next_run_at = ? WHERE number = ?",
                    state,
                    reason,
                    finishedAt == null ? null : finishedAt.toEpochMilli(),
                    nextRunAt == null ? null : nextRunAt.toEpochMilli(),
                    crawl.number()));
  }

  public void specification(FrontierCrawl crawl, String specification) {
    var _ =
        database.write(
            Durability.POWER_LOSS,
            sql ->
                sql.update(
                    "UPDATE crawls SET specification = ? WHERE number = ?",
                    specification,
                    crawl.number()));
  }

  /** Forgets a crawl and all it knows. What it brought into the index stays there. */
  public void delete(FrontierCrawl crawl) {
    var _ =
        database.write(
            Durability.POWER_LOSS,
            sql -> {
              long number = crawl.number();
              var _ =
                  sql.update(
                      "DELETE FROM pages WHERE url IN (SELECT number FROM urls WHERE crawl = ?)",
                      number);
              var _ =
                  sql.update(
                      "DELETE FROM links WHERE source IN (SELECT number FROM urls WHERE crawl = ?)",
                      number);
              for (var table : List.of("urls", "hosts", "tallies")) {
                var _ = sql.update("DELETE FROM " + table + " WHERE crawl = ?", number);
              }
              var _ = sql.update("DELETE FROM page_fingerprints WHERE crawl = ?", crawl.id());
              return sql.update("DELETE FROM crawls WHERE number = ?", number);
            });
  }

  /**
   * Queues again what was done or failed, for another run.
   *
   * @param dueOnly leaves out pages whose time has not come
   */
  public void beginRun(FrontierCrawl crawl, boolean dueOnly, Instant now) {
    var _ =
        database.write(
            Durability.POWER_LOSS,
            sql -> {
              var _ =
                  sql.update(
                      "UPDATE hosts SET failures = 0, given_up = NULL WHERE crawl = ?",
                      crawl.number());
              var _ =
                  sql.update(
                      """
                      UPDATE urls SET state = 'queued', reason = 'recrawl', detail = NULL, tries = 0, claims = 0,
                        next_at = 0
                      WHERE crawl = ?1 AND (state IN ('done', 'failed', 'queued') OR (state = 'skipped' AND reason = 'robots'))
                        AND (?2 = 0 OR due_at IS NULL OR due_at <= ?3 OR kind = 'sitemap')
                      """,
                      crawl.number(),
                      dueOnly ? 1 : 0,
                      now.toEpochMilli());
              return sql.update(
                  """
                  UPDATE crawls SET state = 'running', reason = NULL, run = run + 1, fetched = 0, bytes = 0,
                    run_started_at = ?, finished_at = NULL, next_run_at = NULL WHERE number = ?
                  """,
                  now.toEpochMilli(),
                  crawl.number());
            });
  }

  /**
   * Takes up a crawl where an earlier process left it. What was being fetched is fetched again, and
   * first, but not a third time: a page that ends the process each time must not do so for ever.
   */
  public List<HostQueue> recover(FrontierCrawl crawl) {
    return database.write(
        Durability.PROCESS_END,
        sql -> {
          var _ =
              sql.update(
                  """
                  UPDATE urls SET state = 'failed', reason = 'interrupted',
                    detail = 'the process ended twice while it was being fetched'
                  WHERE crawl = ? AND state = 'fetching' AND claims >= 2
                  """,
                  crawl.number());
          var _ =
              sql.update(
                  "UPDATE urls SET state = 'queued', reason = 'interrupted' WHERE crawl = ? AND state = 'fetching'",
                  crawl.number());
          return hosts(sql, crawl);
        });
  }

  /** Every host of a crawl with what waits there. */
  public List<HostQueue> hosts(FrontierCrawl crawl) {
    return database.read(sql -> hosts(sql, crawl));
  }

  private static List<HostQueue> hosts(Sql sql, FrontierCrawl crawl) throws SQLException {
    return sql.list(
        """
        SELECT number, host, next_at, failures, given_up,
          (SELECT count(*) FROM urls WHERE urls.host = hosts.number AND state = 'queued')
        FROM hosts WHERE crawl = ? ORDER BY number
        """,
        row ->
            new HostQueue(
                row.getLong(1),
                HostKey.of(URI.create(row.getString(2) + "/")),
                row.getInt(6),
                Instant.ofEpochMilli(row.getLong(3)),
                row.getInt(4),
                row.getString(5)),
        crawl.number());
  }

  /** The next URL of a host, which is being fetched from now on; empty where none is due. */
  public Optional<ClaimedUrl> claim(long host, Instant now) {
    return database.write(Durability.PROCESS_END, sql -> UrlTable.claim(sql, host, now));
  }

  /** When the next URL of a host is due; empty where none waits. */
  public Optional<Instant> nextDue(long host) {
    var due =
        database.write(
            Durability.PROCESS_END,
            sql ->
                sql.findLong(
                    "SELECT min(next_at) FROM urls WHERE host = ? AND state = 'queued'", host));
    return due.isEmpty() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(due.getAsLong()));
  }

  /** Keeps what came of a URL, and all that it led to, in one piece. */
  public Added settle(FrontierCrawl crawl, Settlement outcome) {
    return database.write(Durability.PROCESS_END, sql -> new UrlTable(sql, crawl).settle(outcome));
  }

  /** Adds URLs that no page led to. */
  public Added add(FrontierCrawl crawl, List<Discovery> found) {
    return database.write(
        Durability.PROCESS_END,
        sql -> {
          var urls = new UrlTable(sql, crawl);
          for (var each : found) {
            var _ = urls.discover(each, null);
          }
          return new Added(urls.queued(), "", "");
        });
  }

  /** Puts a URL back into its queue, to be tried again. */
  public void retry(ClaimedUrl url, String reason, @Nullable String detail, Instant at) {
    var _ =
        database.write(
            Durability.PROCESS_END,
            sql ->
                sql.update(
                    """
                    UPDATE urls SET state = 'queued', reason = ?, detail = ?, claims = 0, tries = tries + 1, next_at = ?
                    WHERE number = ?
                    """,
                    reason,
                    detail,
                    at.toEpochMilli(),
                    url.number()));
  }

  /** Puts a URL back as if it had not been taken. */
  public void release(ClaimedUrl url) {
    var _ =
        database.write(
            Durability.PROCESS_END,
            sql ->
                sql.update(
                    "UPDATE urls SET state = 'queued', reason = 'waiting', claims = 0 WHERE number = ? AND state = 'fetching'",
                    url.number()));
  }

  /** Notes when a host may be asked again, and how often in a row it failed. */
  public void host(long host, Instant nextAt, int failures) {
    var _ =
        database.write(
            Durability.PROCESS_END,
            sql ->
                sql.update(
                    "UPDATE hosts SET next_at = ?, failures = ? WHERE number = ?",
                    nextAt.toEpochMilli(),
                    failures,
                    host));
  }

  /** Gives up a host for this run; all that waits there has failed. The number of these URLs. */
  public int giveUp(long host, String reason) {
    return database.write(
        Durability.PROCESS_END,
        sql -> {
          var _ = sql.update("UPDATE hosts SET given_up = ? WHERE number = ?", reason, host);
          return sql.update(
              "UPDATE urls SET state = 'failed', reason = 'host_given_up', detail = ? WHERE host = ? AND state = 'queued'",
              reason,
              host);
        });
  }

  /** To be asked once nothing is left to fetch: stores pages whose canonical one is not there. */
  public int promoteOrphans(FrontierCrawl crawl) {
    return database.write(Durability.PROCESS_END, sql -> new UrlTable(sql, crawl).promoteOrphans());
  }

  /**
   * Pages whose documents may differ from the index, new content before changed anchors.
   *
   * @param urgentOnly leaves out those of which only the anchors changed
   * @param mostBytes of content, after which no further page is added
   */
  public List<Pending> pending(FrontierCrawl crawl, boolean urgentOnly, int most, long mostBytes) {
    return database.read(sql -> {
      var pages =
          sql.list(
              """
              SELECT u.number, u.url, u.depth, u.changed, u.document, u.document_hash,
                CASE WHEN u.leads_to IS NULL THEN length(p.content) END
              FROM urls u LEFT JOIN pages p ON p.url = u.number
              WHERE u.crawl = ? AND u.changed > u.pushed AND u.urgent >= ?
              ORDER BY u.urgent DESC, u.number LIMIT ?
              """,
              row ->
                  new Listed(
                      row.getLong(1),
                      row.getString(2),
                      row.getInt(3),
                      row.getLong(4),
                      row.getString(5),
                      row.getBytes(6),
                      Columns.longOrNull(row, 7)),
              crawl.number(),
              urgentOnly ? 1 : 0,
              most);
      var pending = new ArrayList<Pending>(pages.size());
      long bytes = 0;
      for (var page : pages) {
        bytes += page.size() == null ? 0 : page.size();
        if (bytes > mostBytes && !pending.isEmpty()) {
          break;
        }
        pending.add(whole(sql, page));
      }
      return pending;
    });
  }

  private record Listed(
      long url,
      String address,
      int depth,
      long changed,
      @Nullable String document,
      byte @Nullable [] hash,
      @Nullable Long size) {}

  private static Pending whole(Sql sql, Listed page) throws SQLException {
    if (page.size() == null) {
      return new Pending(
          page.url(),
          page.address(),
          page.depth(),
          page.changed(),
          null,
          List.of(),
          page.document(),
          page.hash());
    }
    var content =
        sql.find("SELECT content FROM pages WHERE url = ?", row -> row.getBytes(1), page.url())
            .orElseThrow();
    return new Pending(
        page.url(),
        page.address(),
        page.depth(),
        page.changed(),
        content,
        anchors(sql, page.url()),
        page.document(),
        page.hash());
  }

  /** Of links to the page, and to whatever it stands for. */
  private static List<String> anchors(Sql sql, long url) throws SQLException {
    return sql.list(
        """
        WITH RECURSIVE names(n) AS (SELECT ?1 UNION SELECT urls.number FROM urls JOIN names ON urls.leads_to = names.n)
        SELECT l.anchor FROM names CROSS JOIN links l ON l.target = names.n
        WHERE l.anchor <> '' AND l.source NOT IN names
        GROUP BY l.anchor ORDER BY count(*) DESC, l.anchor LIMIT ?2
        """,
        row -> row.getString(1),
        url,
        MOST_ANCHORS);
  }

  /** Notes what the index has now. */
  public void pushed(List<Pushed> pages) {
    var _ =
        database.write(
            Durability.PROCESS_END,
            sql -> {
              for (var page : pages) {
                var _ =
                    sql.update(
                        """
                        UPDATE urls SET pushed = ?1, urgent = CASE WHEN changed = ?1 THEN 0 ELSE urgent END,
                          document = ?2, document_hash = ?3 WHERE number = ?4
                        """,
                        page.changed(),
                        page.document(),
                        page.documentHash(),
                        page.url());
              }
              return pages.size();
            });
  }

  /** How many pages the index has not what it should have of. */
  public long unpushed(FrontierCrawl crawl) {
    return database.read(sql ->
        sql.findLong(
                "SELECT count(*) FROM urls WHERE crawl = ? AND changed > pushed", crawl.number())
            .orElse(0));
  }

  public List<Tally> tallies(FrontierCrawl crawl) {
    return database.read(sql ->
        sql.list(
            "SELECT kind, state, reason, urls FROM tallies WHERE crawl = ? AND urls > 0",
            row -> new Tally(row.getString(1), row.getString(2), row.getString(3), row.getLong(4)),
            crawl.number()));
  }

  /** URLs in the order in which they were found, after {@code after}. */
  public List<UrlRow> urls(
      FrontierCrawl crawl,
      @Nullable UrlState state,
      @Nullable String reason,
      long after,
      int most) {
    return database.read(sql ->
        sql.list(
            """
            SELECT u.number, u.url, u.kind, u.state, u.reason, u.detail, u.depth, u.priority,
              (SELECT url FROM urls v WHERE v.number = u.via), (SELECT url FROM urls t WHERE t.number = u.leads_to),
              u.tries, u.status, u.bytes, u.fetched_at, nullif(u.next_at, 0), u.document
            FROM urls u WHERE u.crawl = ?1 AND (?2 IS NULL OR u.state = ?2) AND (?3 IS NULL OR u.reason = ?3)
              AND u.number > ?4 ORDER BY u.number LIMIT ?5
            """,
            Frontier::url,
            crawl.number(),
            state == null ? null : state.wireName(),
            reason,
            after,
            most));
  }

  private static UrlRow url(ResultSet row) throws SQLException {
    return new UrlRow(
        row.getLong(1),
        row.getString(2),
        row.getString(3),
        row.getString(4),
        row.getString(5),
        row.getString(6),
        row.getInt(7),
        row.getInt(8),
        row.getString(9),
        row.getString(10),
        row.getInt(11),
        Columns.intOrNull(row, 12),
        Columns.longOrNull(row, 13),
        Columns.instant(row, 14),
        Columns.instant(row, 15),
        row.getString(16));
  }

  /** What servers said when asked for robots.txt by a crawler of this name. */
  public RobotsStore robots(String agent) {
    return new RobotsStore() {
      @Override
      public Optional<Kept> find(HostKey server) {
        return database.read(sql ->
            sql.find(
                "SELECT file, until FROM robots WHERE server = ? AND agent = ?",
                row -> new Kept(row.getBytes(1), Instant.ofEpochMilli(row.getLong(2))),
                server.toString(),
                agent));
      }

      @Override
      public void keep(HostKey server, Kept answer) {
        var _ =
            database.write(
                Durability.PROCESS_END,
                sql ->
                    sql.update(
                        "INSERT OR REPLACE INTO robots(server, agent, file, until) VALUES (?, ?, ?, ?)",
                        server.toString(),
                        agent,
                        answer.file(),
                        answer.until().toEpochMilli()));
      }
    };
  }

  /** When the first page is due that is rechecked at its own pace; empty where none is. */
  public Optional<Instant> nextRecheck(FrontierCrawl crawl) {
    var due =
        database.read(
            sql -> sql.findLong("SELECT min(due_at) FROM urls WHERE crawl = ?", crawl.number()));
    return due.isEmpty() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(due.getAsLong()));
  }

  @Override
  public void close() {
    database.close();
  }
}

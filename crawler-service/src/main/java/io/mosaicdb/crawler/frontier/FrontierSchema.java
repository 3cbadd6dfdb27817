package io.mosaicdb.crawler.frontier;

import java.util.List;

/** What makes an empty file into a frontier; the package describes tables and columns. */
final class FrontierSchema {
  private FrontierSchema() {}

  /** What version 2 added to a file of version 1. */
  static final List<String> SINCE_VERSION_2 =
      List.of(
          """
          CREATE TABLE robots(
            server TEXT NOT NULL,
            agent TEXT NOT NULL,
            file BLOB,
            until INTEGER NOT NULL,
            PRIMARY KEY (server, agent)
          ) STRICT, WITHOUT ROWID
          """);

  /** A file of version 1. */
  static final List<String> STATEMENTS =
      List.of(
          """
          CREATE TABLE crawls(
            number INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            namespace TEXT NOT NULL,
            specification TEXT NOT NULL,
            state TEXT NOT NULL,
            reason TEXT,
            run INTEGER NOT NULL DEFAULT 1,
            fetched INTEGER NOT NULL DEFAULT 0,
            bytes INTEGER NOT NULL DEFAULT 0,
            created_at INTEGER NOT NULL,
            run_started_at INTEGER,
            finished_at INTEGER,
            next_run_at INTEGER,
            idempotency_key TEXT UNIQUE
          ) STRICT
          """,
          """
          CREATE TABLE hosts(
            number INTEGER PRIMARY KEY,
            crawl INTEGER NOT NULL,
            host TEXT NOT NULL,
            next_at INTEGER NOT NULL DEFAULT 0,
            failures INTEGER NOT NULL DEFAULT 0,
            given_up TEXT,
            UNIQUE (crawl, host)
          ) STRICT
          """,
          """
          CREATE TABLE urls(
            number INTEGER PRIMARY KEY,
            crawl INTEGER NOT NULL,
            host INTEGER NOT NULL,
            url TEXT NOT NULL,
            kind TEXT NOT NULL,
            state TEXT NOT NULL,
            reason TEXT NOT NULL,
            detail TEXT,
            depth INTEGER NOT NULL,
            priority INTEGER NOT NULL,
            via INTEGER,
            hops INTEGER NOT NULL DEFAULT 0,
            claims INTEGER NOT NULL DEFAULT 0,
            tries INTEGER NOT NULL DEFAULT 0,
            next_at INTEGER NOT NULL DEFAULT 0,
            status INTEGER,
            bytes INTEGER,
            fetched_at INTEGER,
            etag TEXT,
            last_modified TEXT,
            text_sha256 TEXT,
            simhash INTEGER,
            interval_ms INTEGER,
            due_at INTEGER,
            leads_to INTEGER,
            changed INTEGER NOT NULL DEFAULT 0,
            pushed INTEGER NOT NULL DEFAULT 0,
            urgent INTEGER NOT NULL DEFAULT 0,
            document TEXT,
            document_hash BLOB,
            UNIQUE (crawl, url)
          ) STRICT
          """,
          "CREATE INDEX urls_queued ON urls(host, claims DESC, priority DESC, depth, number) WHERE state = 'queued'",
          "CREATE INDEX urls_by_state ON urls(crawl, state, number)",
          "CREATE INDEX urls_unpushed ON urls(crawl, urgent DESC, number) WHERE changed > pushed",
          "CREATE INDEX urls_led ON urls(leads_to) WHERE leads_to IS NOT NULL",
          "CREATE TABLE pages(url INTEGER PRIMARY KEY, content BLOB NOT NULL) STRICT",
          """
          CREATE TABLE links(
            source INTEGER NOT NULL,
            target INTEGER NOT NULL,
            anchor TEXT NOT NULL,
            PRIMARY KEY (source, target)
          ) STRICT, WITHOUT ROWID
          """,
          "CREATE INDEX links_by_target ON links(target)",
          """
          CREATE TABLE tallies(
            crawl INTEGER NOT NULL,
            kind TEXT NOT NULL,
            state TEXT NOT NULL,
            reason TEXT NOT NULL,
            urls INTEGER NOT NULL,
            PRIMARY KEY (crawl, kind, state, reason)
          ) STRICT, WITHOUT ROWID
          """,
          """
          CREATE TRIGGER tally_new AFTER INSERT ON urls BEGIN
            INSERT INTO tallies VALUES (new.crawl, new.kind, new.state, new.reason, 1)
              ON CONFLICT DO UPDATE SET urls = urls + 1;
          END
          """,
          """
          CREATE TRIGGER tally_changed AFTER UPDATE OF state, reason ON urls
            WHEN old.state <> new.state OR old.reason <> new.reason BEGIN
            UPDATE tallies SET urls = urls - 1
              WHERE crawl = old.crawl AND kind = old.kind AND state = old.state AND reason = old.reason;
            INSERT INTO tallies VALUES (new.crawl, new.kind, new.state, new.reason, 1)
              ON CONFLICT DO UPDATE SET urls = urls + 1;
          END
          """);
}

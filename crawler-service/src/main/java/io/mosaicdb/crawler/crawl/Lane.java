package io.mosaicdb.crawler.crawl;

import io.mosaicdb.crawler.url.HostKey;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One server of one crawl. Fields that change belong to {@link Lanes} and its lock. */
final class Lane {
  final long number;
  final HostKey host;
  final HostGate gate;
  final ServerRest rest;

  /** URLs that wait, as far as is known here. */
  int queued;

  /** Changes with every addition, so that an old look at the file does not undo a newer one. */
  long additions;

  int underWay;

  /** Before when no URL of this lane is due, whatever the host allows. */
  long notBefore;

  /** When it comes up; meaningful while it stands in line. */
  long due;

  boolean inLine;
  int failures;
  @Nullable String givenUp;

  /** What robots.txt asks for. */
  volatile Duration robotsDelay = Duration.ZERO;

  /** Whether the sitemaps of its robots.txt were added in this run. */
  volatile boolean sitemapsAdded;

  Lane(long number, HostKey host, HostGates gates) {
    this.number = number;
    this.host = host;
    this.gate = gates.of(host);
    this.rest = gates.restOf(host);
    this.notBefore = System.nanoTime();
  }
}

package io.mosaicdb.crawler.robots;

import io.mosaicdb.crawler.fetch.Fetcher;
import io.mosaicdb.crawler.url.HostKey;
import java.net.URI;
import java.time.Clock;
import java.util.Optional;

/** The rules of servers, fetched when first asked for and held for a day. */
@SuppressWarnings({"DoNotCallSuggester", "ObjectToString"})
public final class Robots {
  /** Asked before each request, so that robots.txt is fetched as politely as a page. */
  public interface Turn {
    /** Returns when this URL's server may be asked. */
    void await(URI url) throws InterruptedException;
  }

  private final Fetcher fetcher;
  private final String agent;
  private final Turn turn;
  private final Clock clock;

  /**
   * @param agent the product token that robots.txt names this crawler by: letters, {@code _} and
   *     {@code -}
   */
  public Robots(Fetcher fetcher, String agent, Turn turn, Clock clock) {
    this.fetcher = fetcher;
    this.agent = agent;
    this.turn = turn;
    this.clock = clock;
  }

  /** The rules at hand, without asking the server; empty where there are none, or too old ones. */
  public Optional<RobotsRules> held(HostKey host) {
    throw new UnsupportedOperationException(host + " " + clock + turn);
  }

  /** The rules of a server; asks it where none are held. */
  public RobotsRules rules(HostKey host) throws InterruptedException {
    throw new UnsupportedOperationException(host + agent + fetcher);
  }
}

package io.mosaicdb.crawler.page;

import java.net.URI;
import java.util.Set;

/**
 * A link of a page, without fragment: an absolute http or https address, the words that it is shown
 * as (those of its image where it is an image), and the tokens of its {@code rel} in lower case. A
 * redirect that the page itself asks for, a meta refresh, is a link whose rel is {@link #REFRESH}.
 */
public record PageLink(URI target, String anchor, Set<String> rel) {
  /** The rel of a page's own redirect. No document can say it: there is no such link type. */
  public static final String REFRESH = "http-equiv-refresh";

  public PageLink {
    rel = Set.copyOf(rel);
  }

  /** Whether the page asks not to be taken as recommending the target. */
  public boolean nofollow() {
    return rel.contains("nofollow");
  }
}

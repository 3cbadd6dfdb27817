package io.mosaicdb.crawler.url;

import crawlercommons.domains.EffectiveTldFinder;
import java.util.Optional;

/**
 * Where names are registered, by the public suffix list that crawler-commons brings: hosts below
 * one registered name belong to one owner, who can make up as many as he likes.
 */
public final class PublicSuffixes {
  private PublicSuffixes() {}

  /** The registered name that a host belongs to, in ASCII; empty for a suffix itself. */
  public static Optional<String> findRegistered(String host) {
    if (host.isEmpty() || host.startsWith(".") || host.startsWith("[")) {
      return Optional.empty();
    }
    var ascii = WebUrl.ascii(host);
    if (ascii == null) {
      return Optional.empty();
    }
    var listed = EffectiveTldFinder.getAssignedDomain(ascii, true, false);
    return listed == null ? findBelowUnlisted(ascii) : Optional.ofNullable(WebUrl.ascii(listed));
  }

  // The list's own rule for what it does not know: every top-level name is a suffix.
  private static Optional<String> findBelowUnlisted(String host) {
    int dot = host.lastIndexOf('.');
    if (dot <= 0 || isListed(host.substring(dot + 1))) {
      return Optional.empty();
    }
    return Optional.of(host.substring(host.lastIndexOf('.', dot - 1) + 1));
  }

  // A name deep enough has an owner under every rule, also where each second-level name is a
  // suffix.
  private static boolean isListed(String topLevel) {
    return EffectiveTldFinder.getAssignedDomain("a.a.a.a.a." + topLevel, true, false) != null;
  }
}

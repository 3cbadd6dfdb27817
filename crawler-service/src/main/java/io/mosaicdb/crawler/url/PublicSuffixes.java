package io.mosaicdb.crawler.url;

import com.ibm.icu.text.IDNA;
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
    return Optional.ofNullable(EffectiveTldFinder.getAssignedDomain(ascii, false, false))
        .map(name ->
            IDNA.getUTS46Instance(0)
                .nameToASCII(name, new StringBuilder(), new IDNA.Info())
                .toString());
  }
}

package io.mosaicdb.crawler.crawl;

import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Decides which URLs belong to a crawl, and which of them come first. Immutable. */
final class Scope {
  private record Priority(GlobPattern pattern, int priority) {}

  private final Set<String> hosts = new HashSet<>();
  private final Set<String> domains = new HashSet<>();
  private final List<String> paths;
  private final List<GlobPattern> include;
  private final List<GlobPattern> exclude;
  private final List<Priority> priorities;

  Scope(CrawlSpecification crawl) {
    for (var host : crawl.scope().hosts()) {
      var name = host.toLowerCase(Locale.ROOT);
      if (name.startsWith("*.")) {
        domains.add(name.substring(1));
      } else {
        hosts.add(name);
      }
    }
    if (crawl.scope().hosts().isEmpty()) {
      for (var each : List.of(crawl.seeds(), crawl.sitemaps())) {
        each.forEach(seed -> hosts.add(URI.create(seed).getHost()));
      }
    }
    paths = crawl.scope().paths();
    include = crawl.scope().include().stream().map(GlobPattern::parse).toList();
    exclude = crawl.scope().exclude().stream().map(GlobPattern::parse).toList();
    priorities =
        crawl.priorities().stream()
            .map(rule -> new Priority(GlobPattern.parse(rule.pattern()), rule.priority()))
            .toList();
  }

  boolean contains(URI url) {
    return isHost(url.getHost())
        && isUnderPath(url)
        && (include.isEmpty() || like(include, url))
        && !like(exclude, url);
  }

  /** The highest of the rules that the URL is like; 0 where there is none. */
  int priority(URI url) {
    int highest = Integer.MIN_VALUE;
    for (var rule : priorities) {
      if (rule.priority() > highest && like(rule.pattern(), url)) {
        highest = rule.priority();
      }
    }
    return highest == Integer.MIN_VALUE ? 0 : highest;
  }

  private boolean isHost(String host) {
    if (hosts.contains(host)) {
      return true;
    }
    for (int dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) {
      if (domains.contains(host.substring(dot))) {
        return true;
      }
    }
    return false;
  }

  private boolean isUnderPath(URI url) {
    return paths.isEmpty() || paths.stream().anyMatch(url.getRawPath()::startsWith);
  }

  private static boolean like(List<GlobPattern> patterns, URI url) {
    for (var pattern : patterns) {
      if (like(pattern, url)) {
        return true;
      }
    }
    return false;
  }

  private static boolean like(GlobPattern pattern, URI url) {
    if (!pattern.isOfPath()) {
      return pattern.matches(url.toString());
    }
    var query = url.getRawQuery();
    return pattern.matches(query == null ? url.getRawPath() : url.getRawPath() + "?" + query);
  }
}

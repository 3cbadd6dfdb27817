package io.mosaicdb.coordinator.naming;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Puts the namespace's own name in the place of an alias in {@code /v1/namespaces/{name}/…}, once a
 * request: whatever it does there, and however long, it does in one namespace. The namespace itself
 * is made, changed and deleted under its own name only.
 */
final class AliasPathFilter extends OncePerRequestFilter {
  private static final String PREFIX = "/v1/namespaces/";
  private final AliasTable aliases;

  AliasPathFilter(AliasTable aliases) {
    this.aliases = aliases;
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    var path = request.getRequestURI();
    return !path.startsWith(PREFIX)
        || (path.indexOf('/', PREFIX.length()) < 0 && !request.getMethod().equals("GET"));
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    var path = request.getRequestURI();
    int slash = path.indexOf('/', PREFIX.length());
    int end = slash < 0 ? path.length() : slash;
    var name = path.substring(PREFIX.length(), end);
    var target = aliases.resolve(name);
    chain.doFilter(
        target.equals(name) ? request : new Renamed(request, PREFIX + target, end), response);
  }

  /** A request whose path begins otherwise. */
  private static final class Renamed extends HttpServletRequestWrapper {
    private final String start;
    private final int replaced;

    Renamed(HttpServletRequest request, String start, int replaced) {
      super(request);
      this.start = start;
      this.replaced = replaced;
    }

    @Override
    public String getRequestURI() {
      return start + super.getRequestURI().substring(replaced);
    }

    @Override
    public StringBuffer getRequestURL() {
      var url = new StringBuffer(super.getRequestURL());
      int at = url.indexOf(super.getRequestURI());
      return at < 0 ? url : url.replace(at, url.length(), getRequestURI());
    }

    /** Decoded, unlike the URI; the start is the same in both, for names have no escapes. */
    @Override
    public String getServletPath() {
      return start + super.getServletPath().substring(replaced);
    }
  }
}

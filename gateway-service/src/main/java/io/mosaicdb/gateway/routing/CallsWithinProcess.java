package io.mosaicdb.gateway.routing;

import io.mosaicdb.starter.client.ServiceClients;
import io.mosaicdb.starter.discovery.ServiceDirectory;
import io.mosaicdb.starter.secret.InternalSecret;
import jakarta.servlet.FilterChain;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Forwards searches and writes to a coordinator of this very process, on the request's thread:
 * without a second connection, and without copying request and answer through it; a bulk stream's
 * results reach the client while it is still sending. The coordinator's filters and handlers see
 * the request as they would over HTTP. Everything else, and every request where the coordinator is
 * another process, goes on to the routes.
 */
final class CallsWithinProcess extends OncePerRequestFilter {
  static final String COORDINATOR = "coordinator-service";

  /** What is answered on its thread: a forward cannot end after the thread has left. */
  private static final Pattern FORWARDED =
      Pattern.compile(
          "/v1/namespaces/[a-z0-9_-]+/(search|similar|facets|suggest|documents|bulk)|/v1/multi-search|/api/search");

  private final ServiceDirectory directory;
  private final ServiceClients clients;
  private final @Nullable String secret;

  CallsWithinProcess(ServiceDirectory directory, ServiceClients clients, @Nullable String secret) {
    this.directory = directory;
    this.clients = clients;
    this.secret = secret;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    var path = request.getRequestURI();
    var coordinator = FORWARDED.matcher(path).matches() ? coordinator(path) : null;
    if (coordinator == null) {
      chain.doFilter(request, response);
    } else {
      coordinator.forward(new Inward(request, secret), response);
    }
  }

  private @Nullable RequestDispatcher coordinator(String path) {
    var instances = directory.instances(COORDINATOR);
    return instances.size() == 1
        ? clients
            .localWeb(instances.getFirst().uri())
            .map(web -> web.getRequestDispatcher(path))
            .orElse(null)
        : null;
  }

  /** As over HTTP: the user's key stays here, the gateway's secret goes along. */
  private static final class Inward extends HttpServletRequestWrapper {
    private final @Nullable String secret;

    Inward(HttpServletRequest request, @Nullable String secret) {
      super(request);
      this.secret = secret;
    }

    @Override
    public @Nullable String getHeader(String name) {
      if (name.equalsIgnoreCase(InternalSecret.HEADER)) {
        return secret;
      }
      return name.equalsIgnoreCase(HttpHeaders.AUTHORIZATION) ? null : super.getHeader(name);
    }

    @Override
    public Enumeration<String> getHeaders(String name) {
      if (!name.equalsIgnoreCase(InternalSecret.HEADER)
          && !name.equalsIgnoreCase(HttpHeaders.AUTHORIZATION)) {
        return super.getHeaders(name);
      }
      var value = getHeader(name);
      return Collections.enumeration(value == null ? List.of() : List.of(value));
    }
  }
}

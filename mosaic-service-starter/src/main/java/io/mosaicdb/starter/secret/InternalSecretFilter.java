package io.mosaicdb.starter.secret;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.starter.problem.ProblemWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/** Refuses calls to internal addresses that do not show the secret. */
final class InternalSecretFilter extends OncePerRequestFilter {
  private static final Logger log = LoggerFactory.getLogger(InternalSecretFilter.class);

  private final byte @Nullable [] secret;
  private final InternalProperties.Scope scope;
  private final ProblemWriter problems;

  InternalSecretFilter(InternalProperties properties, ProblemWriter problems) {
    this.secret =
        properties.secret() == null ? null : properties.secret().getBytes(StandardCharsets.UTF_8);
    this.scope = properties.scope();
    this.problems = problems;
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    // The servlet path is what the dispatcher will look at: decoded and without dot segments.
    var path = request.getServletPath();
    return switch (scope) {
      case INTERNAL_PATHS -> !path.equals("/internal") && !path.startsWith("/internal/");
      case EVERYTHING -> path.startsWith("/actuator/");
    };
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    var shown = request.getHeader(InternalSecret.HEADER);
    if (secret != null
        && shown != null
        && MessageDigest.isEqual(secret, shown.getBytes(StandardCharsets.UTF_8))) {
      chain.doFilter(request, response);
      return;
    }
    log.warn(
        "internal call refused method={} path={} from={} reason={}",
        request.getMethod(),
        request.getRequestURI(),
        request.getRemoteAddr(),
        secret == null
            ? "mosaic.internal.secret is not set"
            : shown == null ? "no secret shown" : "wrong secret");
    var failure =
        new MosaicException(
            ErrorCode.UNAUTHORIZED, "this address answers only to MosaicDB's own services");
    problems.write(request, response, failure, HttpHeaders.EMPTY);
  }
}

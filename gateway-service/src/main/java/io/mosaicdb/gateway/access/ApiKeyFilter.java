package io.mosaicdb.gateway.access;

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
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/** Lets only bearers of a key pass, save for the page itself and the health answers. */
final class ApiKeyFilter extends OncePerRequestFilter {
  private static final Set<String> OPEN_PATHS =
      Set.of("/", "/index.html", "/favicon.ico", "/health", "/actuator/health");
  private static final List<String> OPEN_FOLDERS = List.of("/assets/", "/actuator/health/");

  private final List<byte[]> keyHashes;
  private final ProblemWriter problems;

  ApiKeyFilter(List<String> keys, ProblemWriter problems) {
    this.keyHashes = keys.stream().map(ApiKeyFilter::hash).toList();
    this.problems = problems;
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    var path = request.getServletPath();
    return keyHashes.isEmpty()
        || OPEN_PATHS.contains(path)
        || OPEN_FOLDERS.stream().anyMatch(path::startsWith);
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    if (isKnown(bearerToken(request.getHeader(HttpHeaders.AUTHORIZATION)))) {
      chain.doFilter(request, response);
      return;
    }
    var headers = new HttpHeaders();
    headers.set(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"mosaicdb\"");
    problems.write(
        request,
        response,
        new MosaicException(
            ErrorCode.UNAUTHORIZED, "send an API key as 'Authorization: Bearer <key>'"),
        headers);
  }

  /** Compares hashes with every key, so that the time taken tells nothing about any of them. */
  private boolean isKnown(@Nullable String token) {
    if (token == null) {
      return false;
    }
    var shown = hash(token);
    boolean known = false;
    for (var key : keyHashes) {
      known |= MessageDigest.isEqual(key, shown);
    }
    return known;
  }

  private static @Nullable String bearerToken(@Nullable String header) {
    return header != null && header.regionMatches(true, 0, "Bearer ", 0, 7)
        ? header.substring(7).strip()
        : null;
  }

  private static byte[] hash(String key) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}

package io.mosaicdb.gateway.routing;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.starter.problem.LimitedBody;
import io.mosaicdb.starter.problem.ProblemWriter;
import io.mosaicdb.starter.problem.RequestTooLargeException;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Stops requests that are too large, by their announced length or while they stream, and those
 * whose path climbs with dot segments: the gateway hands paths on as they are, so {@code
 * /v1/../internal} must not pass as an address under {@code /v1}.
 */
final class RequestLimits extends OncePerRequestFilter {
  private final long requestBytes;
  private final long bulkBytes;
  private final ProblemWriter problems;

  RequestLimits(RoutingProperties properties, ProblemWriter problems) {
    this.requestBytes = properties.maxRequestSize().toBytes();
    this.bulkBytes = properties.maxBulkSize().toBytes();
    this.problems = problems;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    if (climbs(request.getRequestURI())) {
      refuse(
          request,
          response,
          new MosaicException(
              ErrorCode.MALFORMED_REQUEST, "the path must not contain dot segments"));
      return;
    }
    long limit = isBulk(request.getRequestURI()) ? bulkBytes : requestBytes;
    if (request.getContentLengthLong() > limit) {
      refuse(request, response, new RequestTooLargeException(limit).toFailure());
      return;
    }
    chain.doFilter(
        request.getContentLengthLong() >= 0 ? request : new LimitedBody(request, limit), response);
  }

  private void refuse(
      HttpServletRequest request, HttpServletResponse response, MosaicException failure)
      throws IOException {
    problems.write(request, response, failure, HttpHeaders.EMPTY);
  }

  static boolean isBulk(String path) {
    return path.endsWith("/bulk");
  }

  static boolean climbs(String path) {
    for (var segment : path.split("/", -1)) {
      int parameters = segment.indexOf(';');
      var name = parameters < 0 ? segment : segment.substring(0, parameters);
      if (name.indexOf('%') >= 0) {
        name = URLDecoder.decode(name, StandardCharsets.UTF_8);
      }
      if (name.equals(".") || name.equals("..")) {
        return true;
      }
    }
    return false;
  }
}

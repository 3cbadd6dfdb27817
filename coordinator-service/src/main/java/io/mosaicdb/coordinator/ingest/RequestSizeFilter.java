package io.mosaicdb.coordinator.ingest;

import io.mosaicdb.starter.problem.LimitedBody;
import io.mosaicdb.starter.problem.ProblemWriter;
import io.mosaicdb.starter.problem.RequestTooLargeException;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/** Refuses bodies that are larger than their address takes, announced or not. */
final class RequestSizeFilter extends OncePerRequestFilter {
  private final BodyLimits limits;
  private final ProblemWriter problems;

  RequestSizeFilter(BodyLimits limits, ProblemWriter problems) {
    this.limits = limits;
    this.problems = problems;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    long limit = limits.of(request.getRequestURI());
    if (request.getContentLengthLong() > limit) {
      problems.write(
          request, response, new RequestTooLargeException(limit).toFailure(), HttpHeaders.EMPTY);
      return;
    }
    chain.doFilter(new LimitedBody(request, limit), response);
  }
}

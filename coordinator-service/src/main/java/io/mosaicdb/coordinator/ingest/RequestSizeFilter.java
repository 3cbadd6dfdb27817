package io.mosaicdb.coordinator.ingest;

import io.mosaicdb.starter.problem.ProblemWriter;
import io.mosaicdb.starter.problem.RequestTooLargeException;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
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
    chain.doFilter(new Measured(request, limit), response);
  }

  private static final class Measured extends HttpServletRequestWrapper {
    private final long limit;

    Measured(HttpServletRequest request, long limit) {
      super(request);
      this.limit = limit;
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
      return new MeasuredStream(super.getInputStream(), limit);
    }
  }

  private static final class MeasuredStream extends ServletInputStream {
    private final ServletInputStream in;
    private final long limit;
    private long read;

    MeasuredStream(ServletInputStream in, long limit) {
      this.in = in;
      this.limit = limit;
    }

    @Override
    public int read() throws IOException {
      int value = in.read();
      count(value < 0 ? 0 : 1);
      return value;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int got = in.read(target, offset, length);
      count(Math.max(0, got));
      return got;
    }

    private void count(int bytes) throws IOException {
      read += bytes;
      if (read > limit) {
        throw new RequestTooLargeException(limit);
      }
    }

    @Override
    public boolean isFinished() {
      return in.isFinished();
    }

    @Override
    public boolean isReady() {
      return in.isReady();
    }

    @Override
    public void setReadListener(ReadListener listener) {
      in.setReadListener(listener);
    }
  }
}

package io.mosaicdb.starter.problem;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.web.ErrorResponse;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;

/**
 * Answers for every handler of the dispatcher, annotated or functional: a resolver rather than
 * controller advice, which functional routes do not pass through.
 */
final class ProblemExceptionResolver implements HandlerExceptionResolver, Ordered {
  private static final Logger log = LoggerFactory.getLogger(ProblemExceptionResolver.class);

  private final ProblemWriter writer;

  ProblemExceptionResolver(ProblemWriter writer) {
    this.writer = writer;
  }

  @Override
  public int getOrder() {
    return HIGHEST_PRECEDENCE;
  }

  @Override
  public @Nullable ModelAndView resolveException(
      HttpServletRequest request,
      HttpServletResponse response,
      @Nullable Object handler,
      Exception failure) {
    if (clientIsGone(failure)) {
      log.debug("client left method={} path={}", request.getMethod(), request.getRequestURI());
      return new ModelAndView();
    }
    var headers =
        failure instanceof ErrorResponse standard ? standard.getHeaders() : HttpHeaders.EMPTY;
    try {
      writer.write(request, response, FailureTranslator.translate(failure), headers);
      return new ModelAndView();
    } catch (IOException e) {
      // The container closes the connection, which is all that is left to tell the caller.
      log.debug("answer cut off path={} reason={}", request.getRequestURI(), e.getMessage());
      return null;
    }
  }

  private static boolean clientIsGone(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof AsyncRequestNotUsableException
          || cause.getClass().getSimpleName().equals("ClientAbortException")) {
        return true;
      }
      if (cause instanceof IOException && cause.getMessage() != null) {
        var message = cause.getMessage().toLowerCase(Locale.ROOT);
        if (message.contains("broken pipe") || message.contains("connection reset by peer")) {
          return true;
        }
      }
    }
    return false;
  }
}

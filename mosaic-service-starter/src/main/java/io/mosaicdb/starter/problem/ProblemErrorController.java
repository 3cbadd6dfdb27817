package io.mosaicdb.starter.problem;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

/** Where the container sends what failed outside the dispatcher: filters and sendError. */
@Controller
final class ProblemErrorController implements ErrorController {
  private final ProblemWriter writer;

  ProblemErrorController(ProblemWriter writer) {
    this.writer = writer;
  }

  @RequestMapping("${spring.web.error.path:/error}")
  void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
    writer.write(original(request), response, failure(request), HttpHeaders.EMPTY);
  }

  private static MosaicException failure(HttpServletRequest request) {
    if (request.getAttribute(RequestDispatcher.ERROR_EXCEPTION) instanceof Throwable thrown) {
      var cause =
          thrown instanceof jakarta.servlet.ServletException && thrown.getCause() != null
              ? thrown.getCause()
              : thrown;
      return FailureTranslator.translate(cause);
    }
    var status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
    if (!(status instanceof Integer known)) {
      return new MosaicException(ErrorCode.NOT_FOUND, "there is nothing at this address");
    }
    var code = ErrorCode.ofStatus(known);
    var message = request.getAttribute(RequestDispatcher.ERROR_MESSAGE);
    return new MosaicException(
        code,
        message instanceof String text && !text.isBlank() && known < 500 ? text : code.title());
  }

  private static HttpServletRequest original(HttpServletRequest request) {
    return new HttpServletRequestWrapper(request) {
      @Override
      public String getRequestURI() {
        return request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI) instanceof String path
            ? path
            : request.getRequestURI();
      }
    };
  }
}

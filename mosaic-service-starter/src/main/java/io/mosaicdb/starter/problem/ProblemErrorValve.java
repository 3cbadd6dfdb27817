package io.mosaicdb.starter.problem;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/**
 * Answers what Tomcat itself refuses, such as an illegal character in the address, as a problem.
 */
final class ProblemErrorValve extends ErrorReportValve {
  private final ProblemWriter writer;

  ProblemErrorValve(ProblemWriter writer) {
    this.writer = writer;
  }

  @Override
  protected void report(Request request, Response response, @Nullable Throwable thrown) {
    int status = response.getStatus();
    if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
      return;
    }
    var code = ErrorCode.ofStatus(status);
    var message = response.getMessage();
    var detail = message == null || message.isBlank() || status >= 500 ? code.title() : message;
    try {
      writer.write(
          request, response.getResponse(), new MosaicException(code, detail), HttpHeaders.EMPTY);
      response.finishResponse();
    } catch (IOException e) {
      container.getLogger().debug("problem not written", e);
    }
  }
}

package io.mosaicdb.starter.request;

import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;

/** The id of a servlet request, fixed when it is first asked for. */
public final class RequestIds {
  private static final String ATTRIBUTE = RequestIds.class.getName();

  private RequestIds() {}

  public static String of(HttpServletRequest request) {
    return of(request, request.getHeader(RequestId.HEADER));
  }

  private static String of(ServletRequest request, String fromCaller) {
    if (request.getAttribute(ATTRIBUTE) instanceof String known) {
      return known;
    }
    var id = RequestId.isAcceptable(fromCaller) ? fromCaller : RequestId.generate();
    request.setAttribute(ATTRIBUTE, id);
    return id;
  }
}

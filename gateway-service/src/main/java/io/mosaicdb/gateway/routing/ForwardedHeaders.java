package io.mosaicdb.gateway.routing;

import io.mosaicdb.starter.request.RequestId;
import io.mosaicdb.starter.request.RequestIds;
import io.mosaicdb.starter.secret.InternalSecret;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.server.mvc.filter.HttpHeadersFilter;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;

/** What changes in the headers between the outside and the inside. */
final class ForwardedHeaders {
  private ForwardedHeaders() {}

  /** Inwards: the user's key stays here, the gateway's secret and the request's id go along. */
  static final class Request implements HttpHeadersFilter.RequestHttpHeadersFilter, Ordered {
    private final @Nullable String secret;

    Request(@Nullable String secret) {
      this.secret = secret;
    }

    @Override
    public int getOrder() {
      return LOWEST_PRECEDENCE;
    }

    @Override
    public HttpHeaders apply(HttpHeaders headers, ServerRequest request) {
      var forwarded = new HttpHeaders();
      forwarded.putAll(headers);
      forwarded.remove(HttpHeaders.AUTHORIZATION);
      forwarded.remove(InternalSecret.HEADER);
      forwarded.remove(HttpHeaders.EXPECT);
      if (secret != null) {
        forwarded.set(InternalSecret.HEADER, secret);
      }
      forwarded.set(RequestId.HEADER, RequestIds.of(request.servletRequest()));
      return forwarded;
    }
  }

  /** Outwards: the request's id is on the answer already. */
  static final class Response implements HttpHeadersFilter.ResponseHttpHeadersFilter, Ordered {
    @Override
    public int getOrder() {
      return LOWEST_PRECEDENCE;
    }

    @Override
    public HttpHeaders apply(HttpHeaders headers, ServerResponse response) {
      var forwarded = new HttpHeaders();
      forwarded.putAll(headers);
      forwarded.remove(RequestId.HEADER);
      forwarded.remove(HttpHeaders.DATE);
      forwarded.remove(HttpHeaders.CONNECTION);
      forwarded.remove("Keep-Alive");
      return forwarded;
    }
  }
}

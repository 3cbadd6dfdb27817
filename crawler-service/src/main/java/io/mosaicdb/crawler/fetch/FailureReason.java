package io.mosaicdb.crawler.fetch;

/** Why a fetch got no answer, or none that can be used. */
public enum FailureReason {
  /** The host's name has no address. */
  DNS(true),
  /** Every address of the host is one that a crawl may not reach. */
  ADDRESS_REFUSED(false),
  /** The connection was refused, or no route leads there. */
  CONNECT(true),
  /** No connection in time. */
  CONNECT_TIMEOUT(true),
  /** The TLS handshake failed: an unknown issuer, another host's certificate, an expired one. */
  TLS(false),
  /** The TLS handshake took too long. */
  TLS_TIMEOUT(true),
  /** The server closed the connection before its answer was complete. */
  RESET(true),
  /** The head of the answer did not come in time. */
  HEADERS_TIMEOUT(true),
  /** The head of the answer is longer, or has more fields, than allowed. */
  HEADERS_TOO_LARGE(false),
  /** The body stopped coming. */
  BODY_TIMEOUT(true),
  /** The fetch as a whole took too long. */
  TOTAL_TIMEOUT(true),
  /** The body is shorter than the answer said. */
  TRUNCATED(true),
  /** The body, decoded, is larger than allowed. */
  TOO_LARGE(false),
  /** The body grows more in decoding than allowed. */
  DECOMPRESSION_BOMB(false),
  /** The body is not in the encoding that the answer names, or in one that was not offered. */
  BAD_ENCODING(false),
  /** The answer's type is not one of those asked for; its body was not read. */
  UNSUPPORTED_TYPE(false),
  /** A redirect without a target, or to one that is no http or https URL. */
  BAD_REDIRECT(false),
  /** The answer is not HTTP. */
  PROTOCOL(false);

  private final boolean passing;

  FailureReason(boolean passing) {
    this.passing = passing;
  }

  /** Whether another try, later, may end otherwise. */
  public boolean passing() {
    return passing;
  }
}

package io.mosaicdb.starter.problem;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import java.io.IOException;

/** A request body went beyond the size that its address accepts while it was being read. */
public final class RequestTooLargeException extends IOException {
  private final long limitBytes;

  public RequestTooLargeException(long limitBytes) {
    super("request body exceeds " + limitBytes + " bytes");
    this.limitBytes = limitBytes;
  }

  public MosaicException toFailure() {
    return new MosaicException(
        ErrorCode.PAYLOAD_TOO_LARGE,
        "the request body has more than the " + limitBytes + " bytes accepted here",
        this);
  }
}

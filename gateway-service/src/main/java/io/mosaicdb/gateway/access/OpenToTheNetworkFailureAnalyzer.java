package io.mosaicdb.gateway.access;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says which settings make the gateway safe to start. */
final class OpenToTheNetworkFailureAnalyzer
    extends AbstractFailureAnalyzer<OpenToTheNetworkException> {
  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, OpenToTheNetworkException cause) {
    return new FailureAnalysis(
        "The gateway does not start: " + cause.getMessage() + ".",
        "Set mosaic.gateway.security.api-keys[0] to a long random key, or server.address to"
            + " 127.0.0.1, or, where something in front of the gateway checks every request,"
            + " mosaic.gateway.security.allow-anonymous=true.",
        cause);
  }
}

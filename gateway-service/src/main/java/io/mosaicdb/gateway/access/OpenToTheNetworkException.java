package io.mosaicdb.gateway.access;

/** The configuration would let anyone on the network read and write. */
final class OpenToTheNetworkException extends RuntimeException {
  OpenToTheNetworkException(String address) {
    super(
        "listening on %s without API keys lets anyone on the network read, write and delete"
            .formatted(address));
  }
}

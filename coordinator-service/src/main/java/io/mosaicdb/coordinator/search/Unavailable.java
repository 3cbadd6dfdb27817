package io.mosaicdb.coordinator.search;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;

/** Fields of the interface that this build does not honour are refused, never ignored. */
final class Unavailable {
  private Unavailable() {}

  static void refuse(String pointer, boolean given) {
    if (given) {
      throw MosaicException.at(
          ErrorCode.NOT_IMPLEMENTED, pointer, "is not available in this build; leave it out");
    }
  }
}

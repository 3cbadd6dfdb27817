package io.mosaicdb.coordinator.namespace;

import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.model.NamespaceName;

/** A namespace's name in a path. */
public final class NamespacePath {
  private NamespacePath() {}

  /**
   * @throws MosaicException {@code invalid_value} if it is no namespace's name
   */
  public static NamespaceName parse(String segment) {
    try {
      return new NamespaceName(segment);
    } catch (IllegalArgumentException e) {
      throw MosaicException.invalidValue("namespace", String.valueOf(e.getMessage()));
    }
  }
}

package io.mosaicdb.storage.partition;

import java.io.IOException;

/** No generation is activated: too many shards are damaged, and nobody has allowed it since. */
public final class ActivationSuspendedException extends IOException {
  private static final long serialVersionUID = 1;

  ActivationSuspendedException(String reason) {
    super(reason);
  }
}

package io.mosaicdb.storage.partition;

import io.mosaicdb.storage.generation.EmbedderIdentity;

/**
 * The two forms of a model's name: id and revision with a space between, empty where the client
 * gives the vectors; and a manifest's.
 */
final class PartitionEmbedder {
  private PartitionEmbedder() {}

  static EmbedderIdentity identity(String model, int dimensions) {
    if (model.isEmpty()) {
      return new EmbedderIdentity("client", "-", dimensions);
    }
    int space = model.indexOf(' ');
    return space < 0
        ? new EmbedderIdentity(model, "-", dimensions)
        : new EmbedderIdentity(model.substring(0, space), model.substring(space + 1), dimensions);
  }

  static String describe(EmbedderIdentity identity) {
    return identity.id().equals("client") && identity.revision().equals("-")
        ? ""
        : identity.id() + " " + identity.revision();
  }
}

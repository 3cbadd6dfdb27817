package io.mosaicdb.storage.generation;

import java.util.List;

/** What became of the wish to serve another generation. */
public sealed interface Activation {
  /** It is active, durably. */
  record Activated(GenerationManifest manifest) implements Activation {}

  /** It is not; the generation before serves on. */
  record Refused(List<String> reasons) implements Activation {
    public Refused {
      reasons = List.copyOf(reasons);
    }
  }
}

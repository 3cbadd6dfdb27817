package io.mosaicdb.contract.embedding;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A document's title, read by the model before each of its passages, and its text. */
public record PassageSource(@Nullable String title, String text) {
  public PassageSource {
    Objects.requireNonNull(text, "text must be given; it may be empty");
  }
}

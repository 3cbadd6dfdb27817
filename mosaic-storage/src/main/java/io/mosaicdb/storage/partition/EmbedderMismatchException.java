package io.mosaicdb.storage.partition;

/** Vectors of one model met a partition that holds those of another; they never mix. */
public final class EmbedderMismatchException extends RuntimeException {
  private static final long serialVersionUID = 1;

  EmbedderMismatchException(String given, String held) {
    super(
        "vectors come from "
            + (given.isEmpty() ? "the client" : given)
            + ", this namespace holds those of "
            + (held.isEmpty() ? "the client" : held));
  }
}

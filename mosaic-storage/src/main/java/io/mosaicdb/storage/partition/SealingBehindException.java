package io.mosaicdb.storage.partition;

/** Documents arrive faster than they can be sealed; the writer should wait and try again. */
public final class SealingBehindException extends RuntimeException {
  private static final long serialVersionUID = 1;

  SealingBehindException(int waiting) {
    super(waiting + " full segments wait to be sealed: write more slowly");
  }
}

package io.mosaicdb.storage.text;

/** Receives tokens without a string for each: the buffer is only valid during the call. */
interface TokenSink {
  void accept(char[] term, int length, int position, int start, int end);
}

package io.mosaicdb.embedding.local;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.mosaicdb.embedding.backend.TokenCounter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/** A model's own tokenizer, which neither truncates nor pads. */
final class ModelTokenizer implements TokenCounter, AutoCloseable {
  private final HuggingFaceTokenizer tokenizer;
  private final int added;

  ModelTokenizer(byte[] tokenizerJson) {
    stayOffline();
    try {
      tokenizer =
          HuggingFaceTokenizer.newInstance(
              new ByteArrayInputStream(tokenizerJson),
              Map.of("truncation", "false", "padding", "false"));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot load the embedding model's tokenizer: " + e, e);
    }
    added = encode("").getIds().length;
  }

  /** The library asks a cloud's metadata service where it runs, and may fetch GPU builds. */
  private static void stayOffline() {
    System.setProperty("OPT_OUT_TRACKING", "true");
    System.setProperty("ai.djl.offline", "true");
    if (System.getProperty("RUST_FLAVOR") == null) {
      System.setProperty("RUST_FLAVOR", "cpu");
    }
  }

  Encoding encode(String text) {
    return tokenizer.encode(wellFormed(text), true, false);
  }

  @Override
  public int count(String text) {
    return tokenizer.encode(wellFormed(text), false, false).getIds().length;
  }

  @Override
  public int added() {
    return added;
  }

  @Override
  public void close() {
    tokenizer.close();
  }

  /** The library's strings are UTF-8, which has no lone surrogates. */
  private static String wellFormed(String text) {
    StringBuilder replaced = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!Character.isSurrogate(c)) {
        continue;
      }
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
        continue;
      }
      if (replaced == null) {
        replaced = new StringBuilder(text);
      }
      replaced.setCharAt(i, '\uFFFD');
    }
    return replaced == null ? text : replaced.toString();
  }
}

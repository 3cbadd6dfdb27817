package io.mosaicdb.embedding.backend;

/** Counts the tokens that a model makes of a text. Safe for use by several threads. */
public interface TokenCounter {

  /** The tokens of the text itself, without those that the model adds to every text. */
  int count(String text);

  /** How many tokens the model adds to every text, such as BERT's [CLS] and [SEP]. */
  int added();
}

package io.mosaicdb.storage.text;

import org.jspecify.annotations.Nullable;

/** A word that has the term of a {@link TermStream}, in how many documents, and the next such. */
final class WordForm implements Lexicon.Entry {
  private static final int OVERHEAD = 140;

  final String word;
  final TermStream stream;
  final @Nullable WordForm next;
  int lastDocument = -1;
  private int documents;

  WordForm(String word, TermStream stream) {
    this.word = word;
    this.stream = stream;
    this.next = stream.forms;
  }

  /** About the memory that it takes. */
  long bytes() {
    return (long) OVERHEAD + word.length();
  }

  void countIn(int document) {
    if (lastDocument != document) {
      lastDocument = document;
      documents++;
    }
  }

  @Override
  public String word() {
    return word;
  }

  @Override
  public String term() {
    return stream.term;
  }

  /** What the writer has counted; another thread may see an earlier count. */
  @Override
  public long documents() {
    return documents;
  }
}

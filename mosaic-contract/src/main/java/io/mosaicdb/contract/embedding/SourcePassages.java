package io.mosaicdb.contract.embedding;

import java.util.List;

/**
 * The passages of one source, by ascending start; together they cover its text but for white space.
 * Neighbours may overlap. A source without text has one passage, from 0 to 0, that stands for its
 * title; one whose title is blank as well has none.
 */
public record SourcePassages(List<EmbeddedPassage> passages) {
  public SourcePassages {
    passages = List.copyOf(passages);
  }
}

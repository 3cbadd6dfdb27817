package io.mosaicdb.contract.embedding;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a text is for: some models want the two sides of a search marked differently. */
public enum TextKind {
  /** A question that somebody waits for: served before passages. */
  @JsonProperty("query")
  QUERY,
  /** A text that is searched. */
  @JsonProperty("passage")
  PASSAGE
}

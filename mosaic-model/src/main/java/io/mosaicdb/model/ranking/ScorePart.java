package io.mosaicdb.model.ranking;

/** What a score is the sum of. */
public enum ScorePart {
  TEXT,
  VECTOR,
  AUTHORITY,
  RECENCY,
  RERANK
}

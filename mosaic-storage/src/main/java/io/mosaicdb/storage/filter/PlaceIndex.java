package io.mosaicdb.storage.filter;

import io.mosaicdb.storage.bits.OrdinalSet;

/** Finds the documents with a place in an area without looking at every place. */
public interface PlaceIndex {
  /** The documents among the first {@code visible} whose place of {@code field} lies in it. */
  OrdinalSet within(String field, GeoArea area, int visible);

  /** About which share of the first {@code visible} documents that is, 0 to 1. */
  double share(String field, GeoArea area, int visible);
}

package io.mosaicdb.storage.text;

/** Where a leaf's postings have their positions. */
interface PositionSource {
  /**
   * Stands before the positions of the posting with this index: field by field as many as its
   * frequencies say, each minus the one before in its field, as varints.
   */
  ByteSource at(int index);
}

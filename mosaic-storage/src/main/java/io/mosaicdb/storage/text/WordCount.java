package io.mosaicdb.storage.text;

/** A word of the documents and about how many of them have it; those deleted meanwhile count. */
public record WordCount(String word, long documents) {}

package io.mosaicdb.embedding.passage;

/**
 * A stretch of a text.
 *
 * @param end exclusive, in Java chars like the start
 * @param embedded what the model reads for it: prefix, title and the stretch
 */
public record Passage(int start, int end, String embedded) {}

package io.mosaicdb.storage.text;

/**
 * A term found in a text: its position among the words, and the characters {@code [start, end)} of
 * the text as given (not as normalised) that it stands for.
 */
public record Token(String term, int position, int start, int end) {}

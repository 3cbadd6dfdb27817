/**
 * Cuts a document's text into passages that a model reads whole.
 *
 * <p>A model reads a fixed number of tokens and ignores the rest without a word, so the cut is made
 * here, by the model's own count: passages end where sentences end, neighbours share a sentence or
 * so, in order that a thought on the border is whole in one of them, and each is read with the
 * document's title before it. Offsets into the text are kept exactly.
 */
@NullMarked
package io.mosaicdb.embedding.passage;

import org.jspecify.annotations.NullMarked;

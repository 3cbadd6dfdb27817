/**
 * Words: analysis of text into terms, the inverted index of a shard and of a live segment, BM25
 * over weighted fields, and snippets.
 *
 * <p>Text becomes terms in {@link io.mosaicdb.storage.text.TextAnalysis}. Documents that are not
 * sealed yet live in a {@link io.mosaicdb.storage.text.LiveTextIndex}, sealed ones in the tables
 * that a {@link io.mosaicdb.storage.text.TextIndexWriter} makes in a shard's file and a {@link
 * io.mosaicdb.storage.text.TextIndex} reads; both are a {@link
 * io.mosaicdb.storage.text.TextSegment} and score alike. A user's text becomes a {@link
 * io.mosaicdb.storage.text.TextQuery} in {@link io.mosaicdb.storage.text.TextQueryParser}. Ranking
 * takes two steps over all segments: gather {@link io.mosaicdb.storage.text.CollectionStatistics},
 * merge them, search with the sum. How postings are laid out and scored is in {@code DESIGN.md}.
 */
@NullMarked
package io.mosaicdb.storage.text;

import org.jspecify.annotations.NullMarked;

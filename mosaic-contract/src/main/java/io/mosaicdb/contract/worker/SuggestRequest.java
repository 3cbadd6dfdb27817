package io.mosaicdb.contract.worker;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks for words of the documents that a text may be going to be, or may mean.
 *
 * @param partitions null: all that the worker holds
 * @param limit completions of the last word at most; 0: none are looked for
 */
public record SuggestRequest(@Nullable List<Integer> partitions, String text, int limit) {}

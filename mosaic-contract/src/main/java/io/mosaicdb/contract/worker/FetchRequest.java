package io.mosaicdb.contract.worker;

import io.mosaicdb.contract.search.SearchRequest;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Fetches what a page of hits shows: from the snapshot that {@code lease} names, or from the one
 * that {@code asOf} names, whatever has become of the segments since. What is not there any more is
 * {@code snapshot_gone}.
 *
 * @param lease of the search; null: {@code asOf} is given
 * @param asOf the commit of each partition; null: {@code lease} is given
 * @param fields names of text fields and attributes, {@code url} and {@code attributes}; null:
 *     title, url and attributes
 * @param text the user's words, for snippets and highlights; null: none
 * @param words how {@code text} is read; null: the default
 * @param highlightFields text fields to cut snippets from
 * @param fragments snippets a field, at most
 */
public record FetchRequest(
    @Nullable String lease,
    @Nullable Map<String, Long> asOf,
    List<WantedHit> hits,
    @Nullable List<String> fields,
    @Nullable String text,
    SearchRequest.@Nullable WordsBody words,
    List<String> highlightFields,
    int fragments,
    boolean explain) {
  /**
   * @param id of the document; {@code ref} finds it under a lease, {@code id} under {@code asOf}
   * @param passage as in the leg's hit; null: the one that fits {@code text} best
   */
  public record WantedHit(
      String id, WorkerSearchResponse.DocumentRef ref, @Nullable Integer passage) {}
}

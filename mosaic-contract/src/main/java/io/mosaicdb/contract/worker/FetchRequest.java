package io.mosaicdb.contract.worker;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Fetches what a page of hits shows, from the snapshot that {@code lease} names; a lease that is
 * gone is {@code snapshot_gone}.
 *
 * @param fields names of text fields and attributes, {@code url} and {@code attributes}; null:
 *     title, url and attributes
 * @param text the user's words, for snippets and highlights; null: none
 * @param highlightFields text fields to cut snippets from
 * @param fragments snippets a field, at most
 */
public record FetchRequest(
    String lease,
    List<WantedHit> hits,
    @Nullable List<String> fields,
    @Nullable String text,
    List<String> highlightFields,
    int fragments,
    boolean explain) {
  /** {@code passage} as in the leg's hit; null: the one that fits {@code text} best. */
  public record WantedHit(WorkerSearchResponse.DocumentRef ref, @Nullable Integer passage) {}
}

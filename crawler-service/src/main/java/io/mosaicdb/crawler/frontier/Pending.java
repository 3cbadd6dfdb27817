package io.mosaicdb.crawler.frontier;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page whose document may differ from what the index has.
 *
 * @param changed to be named again when it is pushed: what changes meanwhile stays pending
 * @param content null: the document is to leave the index
 * @param anchors words of links that lead here, the most frequent first
 * @param document the id under which the index has it; null: it has none
 * @param documentHash of what the index has; null: it has none
 */
public record Pending(
    long url,
    String address,
    int depth,
    long changed,
    byte @Nullable [] content,
    List<String> anchors,
    @Nullable String document,
    byte @Nullable [] documentHash) {}

package io.mosaicdb.contract.worker;

import io.mosaicdb.contract.search.FacetBody;
import io.mosaicdb.contract.search.SearchRequest;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One scatter of a search over partitions of one worker.
 *
 * @param partitions null: all that the worker holds
 * @param text the user's words for the text leg, null for none
 * @param vector {@link io.mosaicdb.model.document.Vectors little-endian floats} for the vector leg,
 *     null for none
 * @param embedder id and revision of the model that made {@code vector}, null where the client gave
 *     it; another one than the namespace's is refused
 * @param candidates how many hits each leg returns at most
 * @param exact vectors are compared one by one, in full precision
 * @param minScore vector-leg hits below it are left out, null: none
 * @param minCommit wait until these partitions have applied these commits
 * @param timeoutMs what is not there by then is named as timed out
 * @param facets counted over what matches the words and the filter
 * @param group bounds the hits of each group
 * @param sort null: best first; empty: all that match, by id
 * @param asOf the commit of each partition to look at; null: the newest
 * @param plan the plan to use; null: the worker chooses
 * @param routing which shards need not be searched; null: all are
 * @param authority whether hits tell their link authority
 * @param without id of a document that is left out as if it were not there; null: none
 */
public record WorkerSearchRequest(
    @Nullable List<Integer> partitions,
    @Nullable String text,
    byte @Nullable [] vector,
    @Nullable String embedder,
    @Nullable Map<String, @Nullable Object> filter,
    int candidates,
    boolean exact,
    @Nullable Double minScore,
    @Nullable Map<String, Long> minCommit,
    int timeoutMs,
    boolean explain,
    SearchRequest.@Nullable WordsBody words,
    @Nullable List<FacetBody> facets,
    SearchRequest.@Nullable GroupBody group,
    @Nullable List<SearchRequest.SortBody> sort,
    @Nullable Map<String, Long> asOf,
    @Nullable String plan,
    SearchRequest.@Nullable RoutingOptionsBody routing,
    @Nullable String without,
    boolean authority) {}

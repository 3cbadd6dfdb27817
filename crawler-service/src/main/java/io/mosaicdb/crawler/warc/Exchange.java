package io.mosaicdb.crawler.warc;

import io.mosaicdb.crawler.fetch.ResponseHeaders;
import java.net.URI;
import java.time.Instant;

/**
 * One question to a server and its answer, as an archive keeps them.
 *
 * @param at when the head of the answer came
 * @param request header fields of the request
 * @param status of the answer; 304 is kept as a revisit of what was stored before
 * @param headers of the answer, as they came
 * @param body of the answer
 * @param decoded whether {@code body} has lost the content encoding that {@code headers} tell of;
 *     the archive then keeps those fields under the names {@code X-Archive-Orig-…}, so that fields
 *     and bytes agree
 */
public record Exchange(
    URI url,
    Instant at,
    ResponseHeaders request,
    int status,
    ResponseHeaders headers,
    byte[] body,
    boolean decoded) {}

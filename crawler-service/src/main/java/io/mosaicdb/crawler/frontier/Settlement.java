package io.mosaicdb.crawler.frontier;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of a URL, to be kept in one piece with all that it led to.
 *
 * @param reason one word, such as {@code stored} or {@code http_404}
 * @param detail in words, for whoever runs the crawl
 * @param status of the answer; null where there was none
 * @param bytes of the answer's body, decoded
 * @param fetched whether an answer with content came, which a budget of pages counts
 * @param content what becomes of what is known of the page
 * @param discovered where it leads
 * @param leadsTo the URL that stands for this one: the target of a redirect, the canonical page; it
 *     is among {@code discovered}
 */
public record Settlement(
    ClaimedUrl url,
    UrlState state,
    String reason,
    @Nullable String detail,
    @Nullable Integer status,
    long bytes,
    boolean fetched,
    Instant at,
    Content content,
    List<Discovery> discovered,
    @Nullable URI leadsTo,
    @Nullable Recheck recheck) {
  /** When to look again, for a crawl that recrawls each page at its own pace. */
  public record Recheck(Duration interval, Instant due) {}

  /** What becomes of what is known of a page. */
  public sealed interface Content {
    /** It stays as it was: the page was not changed, or could not be had this time. */
    record Kept() implements Content {}

    /** There is none any more: the page is gone, or does not want to be found. */
    record Gone() implements Content {}

    /**
     * It is new.
     *
     * @param bytes the page as the index will want it
     * @param folds whether duplicates of it are looked for
     */
    record Fresh(
        byte[] bytes,
        @Nullable URI canonical,
        String textSha256,
        long simHash,
        @Nullable String etag,
        @Nullable String lastModified,
        boolean folds)
        implements Content {}
  }

  public Settlement {
    discovered = List.copyOf(discovered);
  }

  /** Nothing came of it but a reason; what was known of the page stays. */
  public static Settlement of(ClaimedUrl url, UrlState state, String reason, Instant at) {
    return new Settlement(
        url, state, reason, null, null, 0, false, at, new Content.Kept(), List.of(), null, null);
  }

  public Settlement detail(@Nullable String words) {
    return new Settlement(
        url,
        state,
        reason,
        words,
        status,
        bytes,
        fetched,
        at,
        content,
        discovered,
        leadsTo,
        recheck);
  }

  public Settlement answered(int code, long length, boolean counts) {
    return new Settlement(
        url,
        state,
        reason,
        detail,
        code,
        length,
        counts,
        at,
        content,
        discovered,
        leadsTo,
        recheck);
  }

  public Settlement content(Content known) {
    return new Settlement(
        url,
        state,
        reason,
        detail,
        status,
        bytes,
        fetched,
        at,
        known,
        discovered,
        leadsTo,
        recheck);
  }

  public Settlement leading(List<Discovery> found, @Nullable URI standsFor) {
    return new Settlement(
        url, state, reason, detail, status, bytes, fetched, at, content, found, standsFor, recheck);
  }

  public Settlement recheck(Recheck next) {
    return new Settlement(
        url, state, reason, detail, status, bytes, fetched, at, content, discovered, leadsTo, next);
  }
}

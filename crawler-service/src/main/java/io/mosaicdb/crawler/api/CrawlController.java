package io.mosaicdb.crawler.api;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.crawler.api.CrawlBody.CrawlList;
import io.mosaicdb.crawler.api.CrawlBody.UrlBody;
import io.mosaicdb.crawler.api.CrawlBody.UrlList;
import io.mosaicdb.crawler.crawl.Crawls;
import io.mosaicdb.crawler.frontier.UrlState;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

@RestController
@RequestMapping("/v1/crawls")
class CrawlController {
  private static final int MOST_URLS = 1000;
  private static final int LONGEST_KEY = 256;

  private final Crawls crawls;
  private final CrawlCheck check;
  private final EventStreams streams;

  CrawlController(Crawls crawls, CrawlDefaults defaults, EventStreams streams) {
    this.crawls = crawls;
    this.check = new CrawlCheck(defaults);
    this.streams = streams;
  }

  @PostMapping
  ResponseEntity<CrawlBody> create(
      @RequestBody CrawlRequest request,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
    if (key != null && (key.isBlank() || key.length() > LONGEST_KEY)) {
      throw MosaicException.invalidValue(
          "Idempotency-Key", "must have 1 to " + LONGEST_KEY + " characters, got " + key.length());
    }
    var view = crawls.create(check.check(request), key);
    return ResponseEntity.accepted()
        .location(URI.create("/v1/crawls/" + view.row().id()))
        .body(CrawlBody.of(view));
  }

  @GetMapping
  CrawlList list() {
    return new CrawlList(crawls.list().stream().map(CrawlBody::of).toList());
  }

  @GetMapping("/{id}")
  CrawlBody crawl(@PathVariable String id) {
    return CrawlBody.of(crawls.require(id));
  }

  @GetMapping("/{id}/urls")
  UrlList urls(
      @PathVariable String id,
      @RequestParam(required = false) @Nullable String state,
      @RequestParam(required = false) @Nullable String reason,
      @RequestParam(required = false) @Nullable String cursor,
      @RequestParam(defaultValue = "100") int limit) {
    if (limit < 1 || limit > MOST_URLS) {
      throw MosaicException.invalidValue(
          "limit", "must be between 1 and " + MOST_URLS + ", got " + limit);
    }
    var rows = crawls.urls(id, state(state), reason, after(cursor), limit + 1);
    var page = rows.subList(0, Math.min(limit, rows.size()));
    return new UrlList(
        page.stream().map(UrlBody::of).toList(),
        rows.size() > limit ? Long.toString(page.getLast().number(), 36) : null);
  }

  private static @Nullable UrlState state(@Nullable String name) {
    return name == null
        ? null
        : UrlState.find(name)
            .orElseThrow(() ->
                MosaicException.invalidValue(
                    "state",
                    "must be queued, fetching, done, failed or skipped, got '" + name + "'"));
  }

  private static long after(@Nullable String cursor) {
    if (cursor == null) {
      return 0;
    }
    try {
      return Long.parseUnsignedLong(cursor, 36);
    } catch (NumberFormatException e) {
      throw MosaicException.at(
          ErrorCode.INVALID_CURSOR, "cursor", "must be the next_cursor of a page before this one");
    }
  }

  @PostMapping("/{id}/pause")
  CrawlBody pause(@PathVariable String id) {
    return CrawlBody.of(crawls.pause(id));
  }

  @PostMapping("/{id}/resume")
  CrawlBody resume(@PathVariable String id) {
    return CrawlBody.of(crawls.resume(id));
  }

  @PostMapping("/{id}/cancel")
  CrawlBody cancel(@PathVariable String id) {
    return CrawlBody.of(crawls.cancel(id));
  }

  @PostMapping("/{id}/recrawl")
  @ResponseStatus(HttpStatus.ACCEPTED)
  CrawlBody recrawl(@PathVariable String id) {
    return CrawlBody.of(crawls.recrawl(id));
  }

  @PatchMapping("/{id}")
  CrawlBody pace(@PathVariable String id, @RequestBody CrawlRequest.PaceRequest request) {
    var now = crawls.require(id).specification().limits();
    return CrawlBody.of(crawls.pace(id, check.limits(request, now)));
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void delete(@PathVariable String id) {
    crawls.delete(id);
  }

  @GetMapping(path = "/{id}/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
  SseEmitter events(
      @PathVariable String id,
      @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String last) {
    return streams.open(crawls.eventsOf(id), last);
  }
}

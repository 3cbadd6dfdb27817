package io.mosaicdb.crawler.api;

import io.mosaicdb.crawler.crawl.CrawlEvent;
import io.mosaicdb.crawler.crawl.CrawlEvents;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Streams of events, each on a virtual thread. An event's id is this process's own mark and its
 * number, so that who comes back after a restart is not given other events under known ids; who
 * asks for events that are no longer kept is told so by an event {@code missed}.
 */
final class EventStreams {
  /** Short of the gateway's patience with a silent service. */
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);

  private final String process = Long.toString(System.currentTimeMillis(), 36);

  SseEmitter open(CrawlEvents events, @Nullable String last) {
    var emitter = new SseEmitter(0L);
    var thread =
        Thread.ofVirtual().name("crawl-events").unstarted(() -> stream(emitter, events, last));
    emitter.onCompletion(thread::interrupt);
    emitter.onTimeout(thread::interrupt);
    emitter.onError(_ -> thread.interrupt());
    thread.start();
    return emitter;
  }

  private void stream(SseEmitter emitter, CrawlEvents events, @Nullable String last) {
    try {
      long at = position(last);
      if (last != null && (at < 0 || at + 1 < events.oldest())) {
        emitter.send(
            SseEmitter.event()
                .name("missed")
                .data(Map.of("after", last), MediaType.APPLICATION_JSON));
        at = Math.max(0, at);
      }
      at = Math.max(0, at);
      // The head of the answer goes out at once.
      emitter.send(SseEmitter.event().comment("events"));
      while (true) {
        var found = events.await(at, HEARTBEAT);
        for (var event : found) {
          send(emitter, event);
          at = event.id();
        }
        if (found.isEmpty()) {
          if (events.isClosed()) {
            emitter.complete();
            return;
          }
          emitter.send(SseEmitter.event().comment(""));
        }
      }
    } catch (IOException | IllegalStateException e) {
      // Nobody listens any more.
      emitter.complete();
    } catch (InterruptedException _) {
      // The same.
    }
  }

  private void send(SseEmitter emitter, CrawlEvent event) throws IOException {
    var data = new java.util.TreeMap<String, Object>(event.data());
    data.put("at", event.at());
    emitter.send(
        SseEmitter.event()
            .id(process + "-" + event.id())
            .name(event.type())
            .data(data, MediaType.APPLICATION_JSON));
  }

  /** Where the listener was; -1 where that is not one of this process's events. */
  private long position(@Nullable String last) {
    if (last == null) {
      return 0;
    }
    if (!last.startsWith(process + "-")) {
      return -1;
    }
    try {
      return Long.parseLong(last.substring(process.length() + 1));
    } catch (NumberFormatException _) {
      return -1;
    }
  }
}

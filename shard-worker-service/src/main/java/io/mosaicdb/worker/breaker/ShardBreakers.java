package io.mosaicdb.worker.breaker;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.mosaicdb.model.NamespaceName;
import io.mosaicdb.storage.search.SegmentGuard;
import io.mosaicdb.storage.segment.Segment;
import java.lang.ref.WeakReference;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A breaker for each shard that has failed: after so many failures in a row searches leave the
 * shard alone and say so; after a while one search tries it again, and all do when it answers.
 *
 * <p>A shard that is well has no breaker, and costs a look into an empty map. A shard whose file
 * was opened again, since it was put back, starts anew. Thread-safe.
 */
public final class ShardBreakers {
  private static final Logger logger = LoggerFactory.getLogger(ShardBreakers.class);

  private final BreakerProperties properties;
  private final CircuitBreakerConfig config;
  private final Map<CircuitBreaker.State, Counter> changes =
      new EnumMap<>(CircuitBreaker.State.class);
  private final Map<Key, Entry> entries = new ConcurrentHashMap<>();

  private record Key(NamespaceName namespace, String shardId) {}

  /** The breaker of a shard as it was opened then. */
  private record Entry(WeakReference<Segment> shard, CircuitBreaker breaker, String reason) {
    boolean isOf(Segment segment) {
      return shard.refersTo(segment);
    }

    Entry because(String other) {
      return new Entry(shard, breaker, other);
    }
  }

  ShardBreakers(BreakerProperties properties, Clock clock, MeterRegistry registry) {
    this.properties = properties;
    config =
        CircuitBreakerConfig.custom()
            .slidingWindow(
                properties.failures(), properties.failures(), SlidingWindowType.COUNT_BASED)
            .failureRateThreshold(100)
            .permittedNumberOfCallsInHalfOpenState(1)
            .waitDurationInOpenState(properties.openTime())
            .clock(clock)
            .build();
    for (var state :
        new CircuitBreaker.State[] {
          CircuitBreaker.State.OPEN, CircuitBreaker.State.HALF_OPEN, CircuitBreaker.State.CLOSED
        }) {
      changes.put(
          state,
          Counter.builder("mosaic.shard.breaker.changes")
              .description("changes of shards' breakers, by the state they came to")
              .tag("state", wireName(state))
              .register(registry));
    }
  }

  /** Guards the shards of a namespace. */
  public SegmentGuard of(NamespaceName namespace) {
    return new Guard(namespace);
  }

  /** {@code closed}, {@code open} or {@code half_open}. */
  public String state(NamespaceName namespace, String shardId) {
    var entry = entries.get(new Key(namespace, shardId));
    return entry == null || entry.shard().get() == null
        ? wireName(CircuitBreaker.State.CLOSED)
        : wireName(entry.breaker().getState());
  }

  /** Every shard that is left alone, as {@code namespace/shard}, and why. */
  public Map<String, String> open() {
    var open = new TreeMap<String, String>();
    entries.forEach((key, entry) -> {
      if (entry.shard().get() == null) {
        entries.remove(key, entry);
      } else if (entry.breaker().getState() != CircuitBreaker.State.CLOSED) {
        open.put(key.namespace() + "/" + key.shardId(), refusal(entry));
      }
    });
    return open;
  }

  private String refusal(Entry entry) {
    return "left alone after %d failures in a row, tried again after %s; the last: %s"
        .formatted(properties.failures(), written(properties.openTime()), entry.reason());
  }

  private static String written(Duration time) {
    return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
  }

  private static String wireName(CircuitBreaker.State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  private Entry entry(Key key, Segment segment, String reason) {
    var breaker = CircuitBreaker.of(key.namespace() + "/" + key.shardId(), config);
    breaker
        .getEventPublisher()
        .onStateTransition(event -> {
          var state = event.getStateTransition().getToState();
          var counter = changes.get(state);
          if (counter != null) {
            counter.increment();
          }
          logger.warn(
              "shard_breaker namespace={} shard={} state={}",
              key.namespace(),
              key.shardId(),
              wireName(state));
        });
    return new Entry(new WeakReference<>(segment), breaker, reason);
  }

  private final class Guard implements SegmentGuard {
    private final NamespaceName namespace;

    Guard(NamespaceName namespace) {
      this.namespace = namespace;
    }

    private Optional<Key> key(Segment segment) {
      return segment.shardId().map(id -> new Key(namespace, id));
    }

    private Optional<Entry> find(Segment segment) {
      return entries.isEmpty()
          ? Optional.empty()
          : key(segment).map(entries::get).filter(entry -> entry.isOf(segment));
    }

    @Override
    public Optional<String> findRefusal(Segment segment) {
      return find(segment)
          .filter(entry -> !entry.breaker().tryAcquirePermission())
          .map(ShardBreakers.this::refusal);
    }

    @Override
    public void answered(Segment segment) {
      find(segment)
          .filter(entry -> entry.breaker().getState() != CircuitBreaker.State.OPEN)
          .ifPresent(entry -> {
            entry.breaker().onSuccess(0, TimeUnit.NANOSECONDS);
            // The failures before are not in a row with those to come.
            key(segment).ifPresent(entries::remove);
          });
    }

    @Override
    public void failed(Segment segment, String reason) {
      key(segment)
          .ifPresent(key -> {
            var entry =
                entries.compute(
                    key,
                    (_, known) ->
                        known == null || !known.isOf(segment)
                            ? entry(key, segment, reason)
                            : known.because(reason));
            if (entry.breaker().getState() != CircuitBreaker.State.OPEN) {
              entry.breaker().onError(0, TimeUnit.NANOSECONDS, new IllegalStateException(reason));
            }
          });
    }

    @Override
    public void notAsked(Segment segment) {
      find(segment).ifPresent(entry -> entry.breaker().releasePermission());
    }
  }
}

package io.mosaicdb.starter.request;

import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * The id of the request that the current thread works for. It lives in the logging context, so that
 * log lines carry it; work handed to another thread goes through {@link #carry}.
 */
public final class RequestId {
  /** The HTTP header, in requests and answers, between all services. */
  public static final String HEADER = "X-Request-Id";

  static final String LOG_KEY = "request_id";
  private static final int LONGEST_ACCEPTED = 128;

  private RequestId() {}

  public static Optional<String> current() {
    return Optional.ofNullable(MDC.get(LOG_KEY));
  }

  /** The current id, or a new one outside any request. */
  public static String currentOrNew() {
    var current = MDC.get(LOG_KEY);
    return current == null ? generate() : current;
  }

  /** The task with the current thread's id, for execution on another thread. */
  public static <T> Callable<T> carry(Callable<T> task) {
    var id = MDC.get(LOG_KEY);
    return () -> {
      var previous = replace(id);
      try {
        return task.call();
      } finally {
        replace(previous);
      }
    };
  }

  /** The task with the current thread's id, for execution on another thread. */
  public static Runnable carry(Runnable task) {
    var id = MDC.get(LOG_KEY);
    return () -> {
      var previous = replace(id);
      try {
        task.run();
      } finally {
        replace(previous);
      }
    };
  }

  static String generate() {
    var random = ThreadLocalRandom.current();
    var hex = HexFormat.of();
    return hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong());
  }

  /** An id from outside is taken over only if it can be written to a log and a header as it is. */
  static boolean isAcceptable(@Nullable String id) {
    if (id == null || id.isEmpty() || id.length() > LONGEST_ACCEPTED) {
      return false;
    }
    for (int i = 0; i < id.length(); i++) {
      char c = id.charAt(i);
      var letterOrDigit =
          (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (!letterOrDigit && "-_.:/+=".indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }

  private static @Nullable String replace(@Nullable String id) {
    var previous = MDC.get(LOG_KEY);
    if (id == null) {
      MDC.remove(LOG_KEY);
    } else {
      MDC.put(LOG_KEY, id);
    }
    return previous;
  }
}

package io.mosaicdb.crawler.robots;

import io.mosaicdb.crawler.url.HostKey;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Keeps what servers said when asked for robots.txt beyond the end of the process. Thread-safe. */
public interface RobotsStore {
  /** Forgets everything. */
  RobotsStore NONE =
      new RobotsStore() {
        @Override
        public Optional<Kept> find(HostKey server) {
          return Optional.empty();
        }

        @Override
        public void keep(HostKey server, Kept answer) {
          // Forgotten.
        }
      };

  /**
   * What a server said.
   *
   * @param file null where it has none
   * @param until when it is to be asked again
   */
  record Kept(byte @Nullable [] file, Instant until) {}

  /** What the server said last, however long ago. */
  Optional<Kept> find(HostKey server);

  void keep(HostKey server, Kept answer);
}

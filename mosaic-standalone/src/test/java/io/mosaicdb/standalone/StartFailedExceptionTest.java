package io.mosaicdb.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class StartFailedExceptionTest {
  @Test
  void namesTheSettingThatCannotBeRead() {
    var binder =
        new Binder(new MapConfigurationPropertySource(Map.of("mosaic.worker.threads", "many")));
    var unreadable =
        catchThrowableOfType(
            BindException.class, () -> binder.bind("mosaic.worker.threads", Integer.class));

    var failed = StartFailedException.of("shard-worker-service", new RuntimeException(unreadable));

    assertThat(failed)
        .hasMessageStartingWith(
            "shard-worker-service failed: mosaic.worker.threads cannot be 'many': ");
    assertThat(failed.isExplained()).isTrue();
  }

  @Test
  void leavesASentenceThatNamesItsSettingAsItIs() {
    var failed =
        StartFailedException.of(
            "embedding-service",
            new RuntimeException(new IllegalStateException("mosaic.embedding.backend is unknown")));

    assertThat(failed).hasMessage("embedding-service failed: mosaic.embedding.backend is unknown");
  }

  @Test
  void showsTheStackTraceOfAMistakeOfOurs() {
    var ours = StartFailedException.of("x", new RuntimeException(new NullPointerException("id")));
    var theirs = StartFailedException.of("x", new RuntimeException(new IOException("disk full")));

    assertThat(ours.isExplained()).isFalse();
    assertThat(theirs.isExplained()).isTrue();
  }
}

package io.mosaicdb.starter.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class KnownKeysTest {
  private final KnownKeys keys =
      new KnownKeys(
          Map.of(
              "mosaic.port", false,
              "mosaic.worker.data-folder", false,
              "mosaic.discovery.static", true));

  @Test
  void acceptsRelaxedSpellingsAndWhatFollowsAnOpenKey() {
    assertThat(keys.knows("mosaic.worker.dataFolder")).isTrue();
    assertThat(keys.knows("mosaic.worker.data_folder")).isTrue();
    assertThat(keys.knows("mosaic.discovery.static.a-service[0]")).isTrue();
    assertThat(keys.knows("mosaic.port.number")).isFalse();
    assertThat(keys.knows("mosaic.worker")).isFalse();
  }

  @Test
  void readsEnvironmentVariables() {
    assertThat(keys.knowsVariable("MOSAIC_PORT")).isTrue();
    assertThat(keys.knowsVariable("MOSAIC_WORKER_DATAFOLDER")).isTrue();
    assertThat(keys.knowsVariable("MOSAIC_WORKER_DATA_FOLDER")).isTrue();
    assertThat(keys.knowsVariable("MOSAIC_GATEWAY_SERVICE_HOST")).isFalse();
    assertThat(keys.nearestToVariable("MOSAIC_PROT")).contains("mosaic.port");
    assertThat(keys.nearestToVariable("MOSAIC_GATEWAY_SERVICE_HOST")).isEmpty();
  }

  @Test
  void findsTheNearestKey() {
    assertThat(keys.nearest("mosaic.worker.datafolde")).contains("mosaic.worker.data-folder");
    assertThat(keys.nearest("mosaic.something.else.entirely")).isEmpty();
  }
}

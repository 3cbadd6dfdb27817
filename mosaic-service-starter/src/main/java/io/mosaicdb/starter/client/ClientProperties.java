package io.mosaicdb.starter.client;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The pool and the patience of calls to other services.
 *
 * @param connectTimeout how long a connection may take to open
 * @param readTimeout how long an answer may take to begin, where the call does not say otherwise
 * @param poolTimeout how long a call may wait for a connection when all are in use
 * @param connectionsPerInstance the most connections to one instance
 * @param connections the most connections in all
 * @param directCalls whether a service of the same process is called as an object, where the caller
 *     asks for that; else over HTTP as between machines
 */
@ConfigurationProperties("mosaic.client")
record ClientProperties(
    @DefaultValue("1s") Duration connectTimeout,
    @DefaultValue("30s") Duration readTimeout,
    @DefaultValue("2s") Duration poolTimeout,
    @DefaultValue("256") int connectionsPerInstance,
    @DefaultValue("1024") int connections,
    @DefaultValue("true") boolean directCalls) {
  ClientProperties {
    requirePositive("connect-timeout", connectTimeout);
    requirePositive("read-timeout", readTimeout);
    requirePositive("pool-timeout", poolTimeout);
    if (connectionsPerInstance <= 0 || connections < connectionsPerInstance) {
      throw new IllegalArgumentException(
          "mosaic.client.connections must be >= connections-per-instance > 0, got %d and %d"
              .formatted(connections, connectionsPerInstance));
    }
  }

  private static void requirePositive(String key, Duration value) {
    if (!value.isPositive()) {
      throw new IllegalArgumentException("mosaic.client." + key + " must be > 0, got " + value);
    }
  }
}

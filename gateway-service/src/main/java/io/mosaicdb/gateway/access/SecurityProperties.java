package io.mosaicdb.gateway.access;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who may use the gateway.
 *
 * @param apiKeys the keys that are accepted as {@code Authorization: Bearer …}; none means anyone
 * @param allowAnonymous whether anyone may use a gateway that listens beyond this machine
 */
@ConfigurationProperties("mosaic.gateway.security")
record SecurityProperties(
    @DefaultValue List<String> apiKeys, @DefaultValue("false") boolean allowAnonymous) {
  private static final int SHORTEST_KEY = 16;

  SecurityProperties {
    apiKeys = List.copyOf(apiKeys);
    for (int i = 0; i < apiKeys.size(); i++) {
      if (apiKeys.get(i).length() < SHORTEST_KEY) {
        throw new IllegalArgumentException(
            "mosaic.gateway.security.api-keys[%d] must have at least %d characters, got %d"
                .formatted(i, SHORTEST_KEY, apiKeys.get(i).length()));
      }
    }
  }

  @Override
  public String toString() {
    return "SecurityProperties[apiKeys=%d, allowAnonymous=%s]"
        .formatted(apiKeys.size(), allowAnonymous);
  }
}

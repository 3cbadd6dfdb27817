package io.mosaicdb.starter.discovery;

import java.net.URI;
import java.util.Map;

/**
 * One running copy of a service.
 *
 * @param id unique within its service and stable while the copy runs
 * @param uri scheme, host and port, without a path
 */
public record ServiceInstance(String id, URI uri, Map<String, String> metadata) {
  public ServiceInstance {
    if (uri.getHost() == null || uri.getScheme() == null) {
      throw new IllegalArgumentException("instance needs a scheme and a host, got " + uri);
    }
    metadata = Map.copyOf(metadata);
  }
}

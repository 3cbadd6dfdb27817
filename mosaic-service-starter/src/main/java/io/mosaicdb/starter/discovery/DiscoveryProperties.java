package io.mosaicdb.starter.discovery;

import java.net.URI;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.Name;

/**
 * Where services are.
 *
 * @param instances addresses by service name, for example {@code
 *     mosaic.discovery.static.coordinator-service[0]=http://10.0.0.5:8080}
 */
@ConfigurationProperties("mosaic.discovery")
record DiscoveryProperties(@Name("static") Map<String, List<URI>> instances) {
  DiscoveryProperties {
    instances = instances == null ? Map.of() : Map.copyOf(instances);
    instances.forEach((service, uris) ->
        uris.forEach(uri -> {
          if (uri.getHost() == null
              || !("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
            throw new IllegalArgumentException(
                "mosaic.discovery.static.%s must list addresses such as http://host:port, got %s"
                    .formatted(service, uri));
          }
        }));
  }
}

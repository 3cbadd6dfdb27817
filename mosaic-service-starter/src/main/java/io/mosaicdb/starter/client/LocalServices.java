package io.mosaicdb.starter.client;

import jakarta.servlet.ServletContext;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.beans.factory.BeanFactory;

/**
 * The services that run in this process, by their addresses. Whoever starts several in one process
 * gives each the same instance as a bean and adds each when it is up. Thread-safe.
 */
public final class LocalServices {
  private final Map<String, BeanFactory> services = new ConcurrentHashMap<>();

  /** Makes the contracts that the service implements callable without a connection. */
  public void add(URI address, BeanFactory service) {
    services.put(address.getAuthority(), service);
  }

  /** What each of them has of a type, as far as it has one. */
  public <T> List<T> all(Class<T> type) {
    return services.values().stream()
        .map(service -> service.getBeanProvider(type).getIfUnique())
        .filter(Objects::nonNull)
        .toList();
  }

  /** What implements {@code api} at this address, empty where that is another process. */
  <T> Optional<T> find(Class<T> api, URI address) {
    var service = services.get(address.getAuthority());
    return service == null
        ? Optional.empty()
        : Optional.ofNullable(service.getBeanProvider(api).getIfUnique());
  }

  /** What answers HTTP requests at this address, empty where that is another process. */
  Optional<ServletContext> web(URI address) {
    return find(ServletContext.class, address);
  }
}

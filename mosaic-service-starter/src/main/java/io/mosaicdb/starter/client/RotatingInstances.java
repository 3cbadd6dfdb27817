package io.mosaicdb.starter.client;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.starter.discovery.ServiceDirectory;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Sends each call to the next instance of a service. */
final class RotatingInstances<T> implements InvocationHandler {
  private final String service;
  private final ServiceDirectory directory;
  private final Function<URI, T> clientAt;
  private final ErrorCode unavailable;
  private final Map<URI, T> clients = new ConcurrentHashMap<>();
  private final AtomicInteger turn = new AtomicInteger();

  private RotatingInstances(
      String service,
      ServiceDirectory directory,
      Function<URI, T> clientAt,
      ErrorCode unavailable) {
    this.service = service;
    this.directory = directory;
    this.clientAt = clientAt;
    this.unavailable = unavailable;
  }

  static <T> T client(
      Class<T> api,
      String service,
      ServiceDirectory directory,
      Function<URI, T> clientAt,
      ErrorCode unavailable) {
    var handler = new RotatingInstances<>(service, directory, clientAt, unavailable);
    return api.cast(Proxy.newProxyInstance(api.getClassLoader(), new Class<?>[] {api}, handler));
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // A proxy is equal to itself only.
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
      throws Throwable {
    if (method.getDeclaringClass() == Object.class) {
      return switch (method.getName()) {
        case "equals" -> arguments != null && proxy == arguments[0];
        case "hashCode" -> System.identityHashCode(proxy);
        default -> "client of " + service;
      };
    }
    var instances = directory.instances(service);
    if (instances.isEmpty()) {
      throw new MosaicException(
          unavailable,
          "no instance of " + service + " is known",
          List.of(),
          Duration.ofSeconds(5),
          null);
    }
    int first = Math.floorMod(turn.getAndIncrement(), instances.size());
    for (int i = 0; ; i++) {
      var uri = instances.get((first + i) % instances.size()).uri();
      try {
        return method.invoke(clients.computeIfAbsent(uri, clientAt), arguments);
      } catch (InvocationTargetException e) {
        var failure = e.getTargetException();
        var untouched =
            failure instanceof MosaicException
                && failure.getCause() instanceof NotConnectedException;
        if (!untouched || i + 1 == instances.size()) {
          throw failure;
        }
      }
    }
  }
}

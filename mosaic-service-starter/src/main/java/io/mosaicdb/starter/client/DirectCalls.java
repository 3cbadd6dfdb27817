package io.mosaicdb.starter.client;

import io.mosaicdb.contract.error.ErrorCategory;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.starter.problem.FailureTranslator;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls a service of this process on the caller's thread, and so under the caller's request id.
 * What it throws arrives as it would over HTTP: as a failure with a code and without a cause, since
 * the service has logged what it did not expect.
 */
final class DirectCalls implements InvocationHandler {
  private static final Logger log = LoggerFactory.getLogger(DirectCalls.class);

  private final Object service;

  private DirectCalls(Object service) {
    this.service = service;
  }

  static <T> T of(Class<T> api, T service) {
    return api.cast(
        Proxy.newProxyInstance(
            api.getClassLoader(), new Class<?>[] {api}, new DirectCalls(service)));
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
      throws IllegalAccessException {
    try {
      return method.invoke(service, arguments);
    } catch (InvocationTargetException e) {
      if (e.getTargetException() instanceof Error error) {
        throw error;
      }
      throw withoutCause(method, e.getTargetException());
    }
  }

  private static MosaicException withoutCause(Method method, Throwable thrown) {
    var failure = FailureTranslator.translate(thrown);
    if (failure.code().category() == ErrorCategory.INTERNAL) {
      var cause = failure.getCause() == null ? failure : failure.getCause();
      log.error("call failed method={} code={}", method.getName(), failure.code().code(), cause);
    }
    var nearest = failure.nearest();
    if (nearest.isPresent()) {
      return MosaicException.snapshotGone(failure.detail(), nearest.get(), null);
    }
    return new MosaicException(
        failure.code(),
        failure.detail(),
        failure.errors(),
        failure.retryAfter().orElse(null),
        null);
  }
}

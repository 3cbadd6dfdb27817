package io.mosaicdb.starter.configuration;

import io.mosaicdb.starter.configuration.UnknownKeyException.UnknownKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.origin.OriginLookup;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;

/**
 * Stops the start at an unknown {@code mosaic.*} key in a file, a system property or an argument.
 * Environment variables are shared with other programs (Kubernetes invents {@code
 * MOSAIC_GATEWAY_SERVICE_HOST}), so of those only a slip of the pen stops the start.
 */
final class UnknownKeyCheck
    implements ApplicationContextInitializer<ConfigurableApplicationContext>, Ordered {
  private static final Logger log = LoggerFactory.getLogger(UnknownKeyCheck.class);

  @Override
  public int getOrder() {
    return LOWEST_PRECEDENCE;
  }

  @Override
  public void initialize(ConfigurableApplicationContext context) {
    var loader = context.getClassLoader();
    var known =
        KnownKeys.onClassPath(loader == null ? UnknownKeyCheck.class.getClassLoader() : loader);
    var unknown = new ArrayList<UnknownKey>();
    for (var source : context.getEnvironment().getPropertySources()) {
      if (source instanceof EnumerablePropertySource<?> enumerable) {
        if (source.getName().equals(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME)) {
          checkVariables(enumerable, known, unknown);
        } else {
          checkKeys(enumerable, known, unknown);
        }
      }
    }
    if (!unknown.isEmpty()) {
      throw new UnknownKeyException(unknown);
    }
  }

  private static void checkKeys(
      EnumerablePropertySource<?> source, KnownKeys known, List<UnknownKey> unknown) {
    for (var key : source.getPropertyNames()) {
      if (key.toLowerCase(Locale.ROOT).startsWith("mosaic.") && !known.knows(key)) {
        unknown.add(new UnknownKey(key, place(source, key), advice(known.nearest(key))));
      }
    }
  }

  private static void checkVariables(
      EnumerablePropertySource<?> source, KnownKeys known, List<UnknownKey> unknown) {
    for (var variable : source.getPropertyNames()) {
      if (!variable.startsWith("MOSAIC_") || known.knowsVariable(variable)) {
        continue;
      }
      var nearest = known.nearestToVariable(variable);
      if (nearest.isPresent()) {
        unknown.add(
            new UnknownKey(
                variable,
                "environment variable",
                "Did you mean '%s'?".formatted(asVariable(nearest.get()))));
      } else {
        log.info("environment variable is not ours and is ignored name={}", variable);
      }
    }
  }

  private static String advice(Optional<String> nearest) {
    return nearest
        .map(key -> "Did you mean '%s'?".formatted(key))
        .orElse("Remove it, or look up the key in the documentation of the configuration.");
  }

  private static String asVariable(String key) {
    return key.toUpperCase(Locale.ROOT).replace('.', '_').replace("-", "");
  }

  private static String place(PropertySource<?> source, String key) {
    var origin = OriginLookup.getOrigin(source, key);
    return origin == null ? "in " + source.getName() : "in " + origin;
  }
}

package io.mosaicdb.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanClassLoaderAware;
import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.Environment;

/**
 * Gives each service the auto-configurations of its own class path and no other's, although all
 * jars are on the one class path of the process. The build packs the list of a service's jars into
 * the service; an auto-configuration from a jar that is not on the list is left out. Without that,
 * what one service depends on would configure itself in all six.
 */
final class OwnAutoConfigurations
    implements AutoConfigurationImportFilter, EnvironmentAware, BeanClassLoaderAware {
  private static final Map<String, Set<String>> JARS_BY_SERVICE = new ConcurrentHashMap<>();

  private @Nullable Environment environment;
  private @Nullable ClassLoader loader;

  @Override
  public void setEnvironment(Environment environment) {
    this.environment = environment;
  }

  @Override
  public void setBeanClassLoader(ClassLoader loader) {
    this.loader = loader;
  }

  @Override
  public boolean[] match(
      @Nullable String[] candidates, AutoConfigurationMetadata autoConfigurationMetadata) {
    var kept = new boolean[candidates.length];
    var names = environment == null ? "" : environment.getProperty("spring.config.name", "");
    var jars = JARS_BY_SERVICE.computeIfAbsent(names.split(",")[0], this::jarsOf);
    for (int i = 0; i < candidates.length; i++) {
      var candidate = candidates[i];
      if (candidate != null) {
        var jar = jars.isEmpty() ? null : jarOf(candidate);
        kept[i] = jar == null || jars.contains(jar);
      }
    }
    return kept;
  }

  private Set<String> jarsOf(String service) {
    var list = loader().getResource("META-INF/mosaic/" + service + ".classpath");
    if (list == null) {
      return Set.of();
    }
    try (var in = list.openStream()) {
      var text = new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
      return Set.copyOf(java.util.List.of(text.replace("lib/", "").split(":")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The file name of the jar that has the class; null when it is in a folder. */
  private @Nullable String jarOf(String className) {
    URL place = loader().getResource(className.replace('.', '/') + ".class");
    if (place == null || !place.getProtocol().equals("jar")) {
      return null;
    }
    var path = place.getPath();
    var jar = path.substring(0, path.indexOf("!/"));
    return jar.substring(jar.lastIndexOf('/') + 1);
  }

  private ClassLoader loader() {
    return loader == null ? OwnAutoConfigurations.class.getClassLoader() : loader;
  }
}

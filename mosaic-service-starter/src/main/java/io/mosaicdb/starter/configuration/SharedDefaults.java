package io.mosaicdb.starter.configuration;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertiesPropertySource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.support.PropertiesLoaderUtils;

/** Adds the defaults that all services share, below everything that a service or a user says. */
final class SharedDefaults implements EnvironmentPostProcessor, Ordered {
  private static final String FILE = "mosaic-service-defaults.properties";

  @Override
  public int getOrder() {
    return LOWEST_PRECEDENCE;
  }

  @Override
  public void postProcessEnvironment(
      ConfigurableEnvironment environment, SpringApplication application) {
    try {
      var defaults = PropertiesLoaderUtils.loadProperties(new ClassPathResource(FILE));
      environment.getPropertySources().addLast(new PropertiesPropertySource(FILE, defaults));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

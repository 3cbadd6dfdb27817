package io.mosaicdb.starter.secret;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who may call what inside the cluster.
 *
 * @param secret what services show each other; without it every internal call is refused
 * @param scope which addresses need it
 */
@ConfigurationProperties("mosaic.internal")
public record InternalProperties(
    @Nullable String secret, @DefaultValue("internal-paths") Scope scope) {

  /** The addresses that need the secret. */
  public enum Scope {
    /** Those under {@code /internal/}: for the gateway, which has a public face. */
    INTERNAL_PATHS,
    /** All but {@code /actuator/}: for services that only other services may call. */
    EVERYTHING
  }

  public InternalProperties {
    if (secret != null && secret.length() < 16) {
      throw new IllegalArgumentException(
          "mosaic.internal.secret must have at least 16 characters, got " + secret.length());
    }
  }

  @Override
  public String toString() {
    return "InternalProperties[secret="
        + (secret == null ? "none" : "***")
        + ", scope="
        + scope
        + "]";
  }
}

package io.mosaicdb.starter.secret;

/** Where a service shows the secret. */
public final class InternalSecret {
  /** The HTTP header of calls between services. */
  public static final String HEADER = "X-Mosaic-Service-Secret";

  private InternalSecret() {}
}

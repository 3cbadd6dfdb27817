package io.mosaicdb.contract.health;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The state of a service or of one of its parts, best first. */
public enum HealthStatus {
  @JsonProperty("ok")
  OK,
  /** It works, with something missing that the details name. */
  @JsonProperty("degraded")
  DEGRADED,
  @JsonProperty("down")
  DOWN;

  /** The worse of the two. */
  public HealthStatus worst(HealthStatus other) {
    return compareTo(other) >= 0 ? this : other;
  }
}

package io.mosaicdb.contract.health;

import org.springframework.web.service.annotation.GetExchange;

/** Every service answers it. The HTTP status is 200 whatever the report says. */
public interface HealthApi {
  @GetExchange("/internal/v1/health")
  HealthReport health();
}

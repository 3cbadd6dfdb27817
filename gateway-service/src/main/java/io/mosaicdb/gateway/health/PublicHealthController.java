package io.mosaicdb.gateway.health;

import io.mosaicdb.contract.health.HealthStatus;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
final class PublicHealthController {
  private final HealthOfServices services;

  PublicHealthController(HealthOfServices services) {
    this.services = services;
  }

  @GetMapping("/health")
  ResponseEntity<PublicHealth> health() {
    var health = services.ask();
    return ResponseEntity.status(health.status() == HealthStatus.DOWN ? 503 : 200)
        .cacheControl(CacheControl.noStore())
        .body(health);
  }
}

package io.mosaicdb.gateway.metrics;

import io.mosaicdb.starter.metrics.ProcessMetrics;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

@RestController
final class MetricsController {
  private final ProcessMetrics metrics;

  MetricsController(ProcessMetrics metrics) {
    this.metrics = metrics;
  }

  @GetMapping("/metrics")
  ResponseEntity<byte[]> metrics(
      @RequestHeader(name = HttpHeaders.ACCEPT, required = false) @Nullable String accept) {
    var exposition = metrics.expose(accept);
    return ResponseEntity.ok()
        .header(HttpHeaders.CONTENT_TYPE, exposition.contentType())
        .cacheControl(CacheControl.noStore())
        .body(exposition.body());
  }
}

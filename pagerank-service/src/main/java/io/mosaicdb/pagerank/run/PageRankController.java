package io.mosaicdb.pagerank.run;

import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.pagerank.run.RunBody.RunList;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/v1/pagerank")
final class PageRankController {
  private static final int MOST = 1000;

  private final Runs runs;

  PageRankController(Runs runs) {
    this.runs = runs;
  }

  @PostMapping
  ResponseEntity<RunBody> start(@RequestBody RunRequest.Body request) {
    var run = runs.start(RunRequest.of(request));
    return ResponseEntity.accepted().location(URI.create("/v1/pagerank/" + run.id())).body(run);
  }

  @GetMapping
  RunList list(
      @RequestParam(required = false) @Nullable String state,
      @RequestParam(required = false) @Nullable String namespace,
      @RequestParam(defaultValue = "100") int limit) {
    if (limit < 1 || limit > MOST) {
      throw MosaicException.invalidValue(
          "limit", "must be between 1 and " + MOST + ", got " + limit);
    }
    return runs.list(state(state), namespace, limit);
  }

  private static @Nullable RunState state(@Nullable String name) {
    return name == null
        ? null
        : RunState.find(name)
            .orElseThrow(() ->
                MosaicException.invalidValue(
                    "state",
                    "must be enqueued, running, succeeded, failed or canceled, got '"
                        + name
                        + "'"));
  }

  @GetMapping("/{id}")
  RunBody run(@PathVariable String id) {
    return runs.require(id);
  }

  @PostMapping("/{id}/cancel")
  RunBody cancel(@PathVariable String id) {
    return runs.cancel(id);
  }
}

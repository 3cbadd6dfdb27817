package io.mosaicdb.coordinator.task;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.IntSupplier;

/** {@code mosaic.tasks.unfinished}, and {@code mosaic.tasks.finished} by kind and state. */
record TaskMetrics(MeterRegistry registry) {
  void unfinished(IntSupplier count) {
    var _ =
        Gauge.builder("mosaic.tasks.unfinished", count, IntSupplier::getAsInt)
            .description("tasks that wait or run")
            .strongReference(true)
            .register(registry);
  }

  void finished(String kind, TaskState state) {
    Counter.builder("mosaic.tasks.finished")
        .description("Tasks that ended, by how")
        .tags("kind", kind, "state", state.wireName())
        .register(registry)
        .increment();
  }
}

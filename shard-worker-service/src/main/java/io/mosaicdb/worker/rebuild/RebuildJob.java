package io.mosaicdb.worker.rebuild;

import io.mosaicdb.contract.embedding.EmbedderDescription;
import io.mosaicdb.contract.embedding.EmbeddingApi;
import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.namespace.NamespaceRequest;
import io.mosaicdb.model.NamespaceName;
import io.mosaicdb.model.schema.VectorField;
import io.mosaicdb.storage.partition.ActivationSuspendedException;
import io.mosaicdb.worker.job.JobKind;
import io.mosaicdb.worker.job.JobRun;
import io.mosaicdb.worker.namespace.DiskThreads;
import io.mosaicdb.worker.namespace.Namespaces;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/**
 * Rebuilds a namespace for a change of its definition. Begun again for a change that is in force
 * already it does nothing.
 */
final class RebuildJob implements JobKind {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();
  private final Namespaces namespaces;
  private final Supplier<EmbeddingApi> embedding;
  private final RebuildProperties properties;
  private final DiskThreads thread;

  RebuildJob(
      Namespaces namespaces,
      Supplier<EmbeddingApi> embedding,
      RebuildProperties properties,
      DiskThreads thread) {
    this.namespaces = namespaces;
    this.embedding = embedding;
    this.properties = properties;
    this.thread = thread;
  }

  @Override
  public String name() {
    return "rebuild";
  }

  @Override
  public String unit() {
    return "documents";
  }

  @Override
  public List<String> options() {
    return List.of("change");
  }

  @Override
  public ExecutorService threads() {
    return thread.executor();
  }

  @Override
  public Work prepare(String namespace, Map<String, String> options) {
    var name = new NamespaceName(namespace);
    NamespaceRequest change;
    try {
      change = MAPPER.readValue(options.getOrDefault("change", "{}"), NamespaceRequest.class);
    } catch (JacksonException e) {
      throw MosaicException.invalidValue("/options/change", e.getOriginalMessage());
    }
    var _ = namespaces.plan(name, change);
    return run -> rebuild(name, change, run);
  }

  private Map<String, Object> rebuild(NamespaceName name, NamespaceRequest change, JobRun run)
      throws IOException, InterruptedException {
    try (var rebuild = namespaces.rebuild(name, change)) {
      if (!rebuild.isNeeded()) {
        return Map.of("partitions", 0, "documents", 0);
      }
      var reembedding =
          rebuild.embeds()
              ? new Reembedding(embedding.get(), embedder(rebuild.target().vector()), properties)
              : null;
      var converter = new DocumentConverter(rebuild.schema(), rebuild.target(), reembedding);
      return rebuild.run(reembedding == null ? null : reembedding.model(), converter, run);
    } catch (InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      throw explained(e);
    }
  }

  /** Whoever looks at the task must see why: the namespace alone would look as before. */
  private static MosaicException explained(IOException failure) {
    var code =
        failure instanceof ActivationSuspendedException
            ? ErrorCode.ACTIVATION_SUSPENDED
            : failure.getCause() instanceof MosaicException cause
                ? cause.code()
                : ErrorCode.WORKER_UNAVAILABLE;
    return new MosaicException(
        code,
        "the rebuild failed, and what was served is served still: " + failure.getMessage(),
        failure);
  }

  private EmbedderDescription embedder(VectorField vector) {
    var embedders = embedding.get().embedders();
    var embedder =
        vector.model() == null
            ? embedders.getFirst()
            : embedders.stream()
                .filter(each -> each.id().equals(vector.model()))
                .findFirst()
                .orElseThrow(() ->
                    new MosaicException(
                        ErrorCode.EMBEDDER_UNAVAILABLE,
                        "the embedding service has no model '" + vector.model() + "'"));
    if (embedder.dimensions() != vector.dimensions()) {
      throw MosaicException.at(
          ErrorCode.DIMENSION_MISMATCH,
          "/schema/vector/dimensions",
          "must be %d, those of %s, got %d"
              .formatted(embedder.dimensions(), embedder.id(), vector.dimensions()));
    }
    return embedder;
  }
}

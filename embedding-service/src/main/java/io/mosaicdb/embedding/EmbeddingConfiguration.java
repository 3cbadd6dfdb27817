package io.mosaicdb.embedding;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.mosaicdb.contract.embedding.TextKind;
import io.mosaicdb.embedding.backend.Embedder;
import io.mosaicdb.embedding.backend.EmbeddingBackend;
import io.mosaicdb.embedding.backend.ObservedBackend;
import io.mosaicdb.embedding.cache.EmbeddingCache;
import io.mosaicdb.embedding.local.LocalBackend;
import io.mosaicdb.embedding.passage.PassageSplitter;
import io.mosaicdb.embedding.queue.EmbeddingQueue;
import io.mosaicdb.embedding.queue.QueueSettings;
import io.mosaicdb.embedding.remote.EmbeddingProtocol;
import io.mosaicdb.embedding.remote.HuggingFaceProtocol;
import io.mosaicdb.embedding.remote.OpenAiProtocol;
import io.mosaicdb.embedding.remote.RemoteBackend;
import io.mosaicdb.embedding.remote.RemoteServer;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Builds the path from a request to a vector out of the configuration. */
@Configuration(proxyBeanMethods = false)
class EmbeddingConfiguration {
  private static final Duration PROBE_AFTER = Duration.ofSeconds(5);

  @Bean
  ObservedBackend embeddingBackend(
      BackendProperties properties,
      LocalProperties local,
      OpenAiProperties openAi,
      HuggingFaceProperties huggingFace,
      RemoteModelProperties model,
      RemoteCallProperties calls,
      MeterRegistry meters) {
    EmbeddingBackend backend =
        switch (properties.backend()) {
          case LOCAL -> LocalBackend.load(local.model());
          case OPENAI ->
              remote(
                  "openai",
                  new OpenAiProtocol(
                      model.name(), model.sendDimensions() ? model.dimensions() : null),
                  openAi.baseUrl(),
                  openAi.apiKey(),
                  model,
                  calls);
          case HUGGINGFACE ->
              remote(
                  "huggingface",
                  new HuggingFaceProtocol(huggingFace.style(), model.name()),
                  huggingFace.baseUrl(),
                  huggingFace.token(),
                  model,
                  calls);
        };
    return new ObservedBackend(backend, meters);
  }

  @Bean
  EmbeddingQueue embeddingQueue(
      ObservedBackend backend,
      BackendProperties properties,
      LocalProperties local,
      RemoteCallProperties calls,
      RequestProperties requests,
      MeterRegistry meters) {
    var queue =
        switch (properties.backend()) {
          case LOCAL ->
              new EmbeddingQueue(backend, local(local, requests), platformThreads("embed-"));
          case OPENAI, HUGGINGFACE ->
              new EmbeddingQueue(
                  backend, remote(calls, requests), Thread.ofVirtual().name("embed-", 0).factory());
        };
    for (TextKind kind : TextKind.values()) {
      Gauge.builder("mosaic.embedding.queue.depth", queue, it -> it.depth(kind))
          .description("Texts that wait for the embedding model")
          .tag("kind", kind.name().toLowerCase(Locale.ROOT))
          .register(meters);
    }
    return queue;
  }

  @Bean
  EmbeddingCache embeddingCache(CacheProperties properties, MeterRegistry meters) {
    return new EmbeddingCache(properties.maxEntries(), properties.maxSize().toBytes(), meters);
  }

  @Bean
  PassageSplitter passageSplitter(ObservedBackend backend, PassageProperties properties) {
    int maxTokens = Math.min(properties.maxTokens(), backend.embedder().maxTokens());
    return new PassageSplitter(
        backend.tokens(),
        backend.embedder().prefix(TextKind.PASSAGE),
        maxTokens,
        properties.overlapTokens());
  }

  @Bean
  Embeddings embeddings(
      ObservedBackend backend,
      EmbeddingQueue queue,
      EmbeddingCache cache,
      PassageSplitter splitter,
      RequestProperties requests) {
    return new Embeddings(backend, queue, cache, splitter, tokenizing(requests), requests);
  }

  private static ThreadPoolExecutor tokenizing(RequestProperties requests) {
    int threads = Runtime.getRuntime().availableProcessors();
    return new ThreadPoolExecutor(
        threads,
        threads,
        0,
        TimeUnit.SECONDS,
        new ArrayBlockingQueue<>(requests.queueCapacity()),
        platformThreads("tokenize-"));
  }

  private static QueueSettings local(LocalProperties local, RequestProperties requests) {
    return new QueueSettings(
        local.workers(), local.queryThreads(), Duration.ZERO, requests.queueCapacity());
  }

  private static QueueSettings remote(RemoteCallProperties calls, RequestProperties requests) {
    return new QueueSettings(
        calls.concurrency(),
        calls.queryConcurrency(),
        calls.batchTimeout(),
        requests.queueCapacity());
  }

  /** The model of the other beans, and the second one if there is one. */
  @Bean
  EmbeddingModels embeddingModels(
      Embeddings embeddings,
      OtherModelProperties other,
      EmbeddingCache cache,
      LocalProperties local,
      RemoteCallProperties calls,
      RequestProperties requests,
      PassageProperties passages,
      MeterRegistry meters) {
    var kind = other.backend();
    if (kind == null) {
      return new EmbeddingModels(List.of(embeddings), List.of());
    }
    var backend = new ObservedBackend(other(kind, other, calls), meters);
    boolean isLocal = kind == BackendProperties.Backend.LOCAL;
    var queue =
        new EmbeddingQueue(
            backend,
            isLocal ? local(local, requests) : remote(calls, requests),
            isLocal
                ? platformThreads("embed-other-")
                : Thread.ofVirtual().name("embed-other-", 0).factory());
    var second =
        new Embeddings(
            backend,
            queue,
            cache,
            passageSplitter(backend, passages),
            tokenizing(requests),
            requests);
    return new EmbeddingModels(
        List.of(embeddings, second), List.of(second::close, queue::close, backend::close));
  }

  private static EmbeddingBackend other(
      BackendProperties.Backend kind, OtherModelProperties other, RemoteCallProperties calls) {
    if (kind == BackendProperties.Backend.LOCAL) {
      return LocalBackend.load(other.local());
    }
    var name = kind.name().toLowerCase(Locale.ROOT);
    var protocol =
        kind == BackendProperties.Backend.OPENAI
            ? new OpenAiProtocol(other.name(), other.sendDimensions() ? other.dimensions() : null)
            : new HuggingFaceProtocol(other.style(), other.name());
    return remote(
        other.embedder(name),
        protocol,
        Objects.requireNonNull(other.baseUrl()),
        other.secret(),
        calls);
  }

  @Bean
  EmbedderHealth embedderHealth(ObservedBackend backend) {
    return new EmbedderHealth(backend, PROBE_AFTER);
  }

  private static EmbeddingBackend remote(
      String name,
      EmbeddingProtocol protocol,
      URI baseUrl,
      @Nullable String secret,
      RemoteModelProperties model,
      RemoteCallProperties calls) {
    return remote(model.embedder(name), protocol, baseUrl, secret, calls);
  }

  private static EmbeddingBackend remote(
      Embedder embedder,
      EmbeddingProtocol protocol,
      URI baseUrl,
      @Nullable String secret,
      RemoteCallProperties calls) {
    return new RemoteBackend(
        embedder,
        protocol,
        new RemoteServer(baseUrl, secret, calls.connectTimeout(), calls.callTimeout()),
        calls.retries(),
        calls.batchSize(),
        Thread::sleep);
  }

  private static ThreadFactory platformThreads(String prefix) {
    return Thread.ofPlatform().name(prefix, 0).daemon().factory();
  }
}

package io.mosaicdb.coordinator.namespace;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.namespace.NamespaceBody;
import io.mosaicdb.contract.namespace.NamespaceCreated;
import io.mosaicdb.contract.namespace.NamespaceList;
import io.mosaicdb.contract.namespace.NamespaceRequest;
import io.mosaicdb.coordinator.embedding.Embedder;
import io.mosaicdb.coordinator.worker.WorkerTopology;
import io.mosaicdb.model.NamespaceName;
import io.mosaicdb.model.schema.AttributeType;
import io.mosaicdb.model.schema.NamespaceSettings;
import io.mosaicdb.model.schema.Schema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The namespaces. Every worker knows all of them; definitions are kept here for a few seconds, so
 * whoever meets {@code namespace_not_found} calls {@link #forget} and asks again. Thread-safe.
 */
public final class NamespaceCatalog {
  private static final Duration LIFETIME = Duration.ofSeconds(3);
  private static final int MOST_KEPT = 10_000;
  private final WorkerTopology topology;
  private final Embedder embedder;
  private final Map<NamespaceName, Known> known = new ConcurrentHashMap<>();

  private record Known(NamespaceDefinition definition, long at) {}

  public NamespaceCatalog(WorkerTopology topology, Embedder embedder) {
    this.topology = topology;
    this.embedder = embedder;
  }

  /**
   * Creates the namespace on every worker.
   *
   * @return whether it was not there before
   * @throws MosaicException {@code invalid_value} and others with a pointer; {@code
   *     schema_conflict} if it is there with another definition
   */
  public NamespaceCreated create(NamespaceName name, NamespaceRequest request) {
    var schema =
        SchemaBodies.schema(request.schema(), model -> embedder.describe(model).dimensions());
    var settings = SchemaBodies.settings(request.settings());
    SchemaBodies.requireFields(settings, schema);
    return create(name, schema, settings);
  }

  private NamespaceCreated create(NamespaceName name, Schema schema, NamespaceSettings settings) {
    var body = SchemaBodies.body(schema, settings);
    boolean created = false;
    for (var worker : topology.workers()) {
      created |= worker.api().create(name.value(), body).created();
    }
    forget(name);
    return new NamespaceCreated(name.value(), created);
  }

  /**
   * @throws MosaicException {@code namespace_not_found}
   */
  public NamespaceDefinition load(NamespaceName name) {
    var kept = known.get(name);
    if (kept != null
        && isComplete(kept.definition())
        && System.nanoTime() - kept.at() < LIFETIME.toNanos()) {
      return kept.definition();
    }
    try {
      return keep(definition(topology.workers().getFirst().api().namespace(name.value())));
    } catch (MosaicException e) {
      if (e.code() == ErrorCode.NAMESPACE_NOT_FOUND) {
        forget(name);
      }
      throw e;
    }
  }

  /** The namespace; one that does not exist is made with the standard schema. */
  public NamespaceDefinition loadOrCreate(NamespaceName name) {
    try {
      return load(name);
    } catch (MosaicException e) {
      if (e.code() != ErrorCode.NAMESPACE_NOT_FOUND) {
        throw e;
      }
    }
    try {
      create(name, Schema.standard(embedder.describe().dimensions()), NamespaceSettings.STANDARD);
    } catch (MosaicException e) {
      // Somebody else created it meanwhile, with a schema of their own.
      if (e.code() != ErrorCode.SCHEMA_CONFLICT && e.code() != ErrorCode.NAMESPACE_EXISTS) {
        throw e;
      }
    }
    return load(name);
  }

  /** The namespace with more attributes; one that exists keeps the type it has. */
  public NamespaceDefinition addAttributes(
      NamespaceDefinition definition, Map<String, AttributeType> types) {
    var wire = new TreeMap<String, String>();
    types.forEach((attribute, type) -> wire.put(attribute, type.wireName()));
    var name = definition.name();
    NamespaceRequest.@Nullable SchemaBody inForce = null;
    for (var worker : topology.workers()) {
      var schema = worker.api().addAttributes(name.value(), wire);
      if (inForce == null) {
        inForce = schema;
      }
    }
    var schema = inForce == null ? definition.schema() : SchemaBodies.held(inForce);
    return keep(
        new NamespaceDefinition(
            name,
            schema,
            definition.partitions(),
            definition.fieldWeights(),
            definition.embedder()));
  }

  /**
   * Changes what needs no rebuild, on every worker.
   *
   * @param change as {@link #complete} makes it
   * @throws MosaicException {@code schema_conflict} for what does, and nothing is changed
   */
  NamespaceBody change(NamespaceName name, NamespaceRequest change) {
    try {
      for (var worker : topology.workers()) {
        var _ = worker.api().change(name.value(), change);
      }
    } finally {
      forget(name);
    }
    return describe(name);
  }

  /** Whether another definition is in force by now, of which later loads know. */
  public boolean isOutdated(NamespaceDefinition definition) {
    forget(definition.name());
    var inForce = load(definition.name());
    return !inForce.schema().vector().equals(definition.schema().vector())
        || !Objects.equals(inForce.embedder(), definition.embedder());
  }

  /** What of a change is built into every shard, so that it needs a rebuild. */
  List<String> rebuildOf(NamespaceName name, NamespaceRequest change) {
    return topology.workers().getFirst().api().planChange(name.value(), change).rebuild();
  }

  /** A change in the workers' form, with the dimensions of the model that it names. */
  NamespaceRequest complete(NamespaceName name, NamespaceRequest request) {
    forget(name);
    var held = load(name).schema().vector();
    return SchemaBodies.change(request, held, model -> embedder.describe(model).dimensions());
  }

  /** The next load asks the workers. */
  public void forget(NamespaceName name) {
    known.remove(name);
  }

  NamespaceBody describe(NamespaceName name) {
    NamespaceBody all = null;
    for (var worker : topology.workers()) {
      var part = worker.api().namespace(name.value());
      all = all == null ? part : merge(all, part);
    }
    if (all == null) {
      throw new MosaicException(ErrorCode.WORKER_UNAVAILABLE, "no shard worker is known");
    }
    return all;
  }

  NamespaceList list() {
    var merged = new TreeMap<String, NamespaceBody>();
    for (var worker : topology.workers()) {
      for (var part : worker.api().namespaces().namespaces()) {
        merged.merge(part.namespace(), part, NamespaceCatalog::merge);
      }
    }
    return new NamespaceList(new ArrayList<>(merged.values()));
  }

  void delete(NamespaceName name) {
    MosaicException absent = null;
    boolean deleted = false;
    for (var worker : topology.workers()) {
      try {
        worker.api().delete(name.value());
        deleted = true;
      } catch (MosaicException e) {
        if (e.code() != ErrorCode.NAMESPACE_NOT_FOUND) {
          throw e;
        }
        absent = e;
      }
    }
    forget(name);
    if (!deleted && absent != null) {
      throw absent;
    }
  }

  /** The first write gives a namespace its embedder; until it is known, every load asks for it. */
  private static boolean isComplete(NamespaceDefinition definition) {
    return definition.embedder() != null || !definition.embedsOnTheServer();
  }

  private NamespaceDefinition keep(NamespaceDefinition definition) {
    if (known.size() >= MOST_KEPT) {
      known.clear();
    }
    known.put(definition.name(), new Known(definition, System.nanoTime()));
    return definition;
  }

  private static NamespaceDefinition definition(NamespaceBody body) {
    var settings = SchemaBodies.settings(body.settings());
    return new NamespaceDefinition(
        new NamespaceName(body.namespace()),
        SchemaBodies.held(body.schema()),
        settings.partitions(),
        settings.fieldWeights(),
        body.embedder());
  }

  private static NamespaceBody merge(NamespaceBody one, NamespaceBody other) {
    var generations = new TreeMap<>(one.generation());
    generations.putAll(other.generation());
    return new NamespaceBody(
        one.namespace(),
        one.schema(),
        one.settings(),
        one.documents() + other.documents(),
        one.passages() + other.passages(),
        one.unsealed() + other.unsealed(),
        one.shards() + other.shards(),
        generations,
        one.embedder() == null ? other.embedder() : one.embedder(),
        one.bytesOnDisk() + other.bytesOnDisk());
  }
}

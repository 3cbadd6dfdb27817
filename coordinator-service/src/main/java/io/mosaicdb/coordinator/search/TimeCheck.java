package io.mosaicdb.coordinator.search;

import io.mosaicdb.contract.search.SearchRequest;
import io.mosaicdb.coordinator.namespace.NamespaceDefinition;
import io.mosaicdb.coordinator.position.Position;
import org.jspecify.annotations.Nullable;

/** Checks which moment of the namespace is asked for. */
final class TimeCheck {
  private TimeCheck() {}

  static @Nullable String cursor(SearchRequest request) {
    return request.cursor();
  }

  static @Nullable Position asOf(SearchRequest request, NamespaceDefinition definition) {
    return request.asOf() == null
        ? null
        : Position.parseSnapshot(
            request.asOf(), definition.name(), definition.partitions(), "/as_of");
  }
}

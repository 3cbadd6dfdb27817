package io.mosaicdb.contract.namespace;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A second name of a namespace.
 *
 * @param previous what it named before it was put; absent where it is new or not asked for
 */
public record AliasBody(
    String alias,
    String namespace,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String previous) {}

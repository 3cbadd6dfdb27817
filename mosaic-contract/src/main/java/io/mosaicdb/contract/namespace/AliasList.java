package io.mosaicdb.contract.namespace;

import java.util.List;

/** The answer of {@code GET /v1/aliases}, by name. */
public record AliasList(List<AliasBody> aliases) {}

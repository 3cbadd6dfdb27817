/** Namespaces as they cross the wire: creation, description, schema and settings. */
@NullMarked
package io.mosaicdb.contract.namespace;

import org.jspecify.annotations.NullMarked;

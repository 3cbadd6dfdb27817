/** Documents and writes as they cross the wire. */
@NullMarked
package io.mosaicdb.contract.document;

import org.jspecify.annotations.NullMarked;

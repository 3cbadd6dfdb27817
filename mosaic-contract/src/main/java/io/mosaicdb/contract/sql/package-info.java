/** SQL over the documents of a namespace, as the public interface has it. */
@NullMarked
package io.mosaicdb.contract.sql;

import org.jspecify.annotations.NullMarked;

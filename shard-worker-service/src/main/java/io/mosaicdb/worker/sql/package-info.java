/** Answers SQL on threads of its own, so that a long statement stands before no search. */
@NullMarked
package io.mosaicdb.worker.sql;

import org.jspecify.annotations.NullMarked;

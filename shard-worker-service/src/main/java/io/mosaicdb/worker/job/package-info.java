/**
 * Long work of a worker: begun by one request, asked about by others. Jobs live in this process
 * only; whoever wants them to last begins them again, and every kind of job bears that.
 */
@NullMarked
package io.mosaicdb.worker.job;

import org.jspecify.annotations.NullMarked;

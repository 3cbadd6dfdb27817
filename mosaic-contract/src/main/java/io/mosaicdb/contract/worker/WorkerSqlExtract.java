package io.mosaicdb.contract.worker;

import java.util.List;

/**
 * What a statement reads of one worker's partitions.
 *
 * @param pieces of a SQLite database, in order; each is small enough for a string of JSON
 */
public record WorkerSqlExtract(List<byte[]> pieces, WorkerSqlResponse.SqlScope scope) {}

/**
 * SQL over the documents of snapshots: read-only, exact, bounded.
 *
 * <p>{@link io.mosaicdb.storage.sql.SnapshotSql} answers a statement in four steps.
 *
 * <ol>
 *   <li><b>Check.</b> A lexer admits one {@code SELECT}, {@code VALUES} or {@code WITH}. SQLite
 *       then compiles it against three empty tables in memory: what does not compile there names
 *       something that is not ours. The program that comes out, read back by {@code EXPLAIN}, tells
 *       which functions it calls (an allow-list), which columns it reads and that it opens nothing
 *       for writing.
 *   <li><b>Attach.</b> A connection to an empty database in memory attaches the snapshot's shard
 *       files, immutable. What is not sealed yet is copied into a temporary table, and so are the
 *       rows of shards beyond those SQLite can attach.
 *   <li><b>View.</b> {@code documents}, {@code passages} and {@code links} become temporary views
 *       that say {@code UNION ALL} of one arm a shard, without the rows that the snapshot holds for
 *       superseded. An arm has NULL for every column that the program does not read, so that
 *       counting reads an index and no texts; SQLite moves conditions into the arms, where the
 *       shard's own indexes meet them.
 *   <li><b>Run</b> the statement as it was written. Aggregates, joins and windows see one table
 *       with each document once, so they are exact without anything being merged.
 * </ol>
 *
 * <p>Several workers each {@link io.mosaicdb.storage.sql.SnapshotSql#extract} the columns in
 * question into a SQLite file; one of them attaches these beside its own shards.
 *
 * <p>A statement that runs away is stopped by {@link io.mosaicdb.storage.sql.RunawayGuard}: by
 * time, memory and temporary space. All of it calls SQLite: for platform threads of a pool of its
 * own.
 */
@NullMarked
package io.mosaicdb.storage.sql;

import org.jspecify.annotations.NullMarked;

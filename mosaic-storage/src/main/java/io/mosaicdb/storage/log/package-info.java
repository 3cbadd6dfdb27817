/**
 * The ordered, durable list of a partition's commits.
 *
 * <p>A {@link CommitLog} gives every accepted payload the next {@code commit_seq} (dense, from 1)
 * and says so only when the payload is on disk. A {@link CommitApplier} then sees the entries in
 * that order, exactly once each while the process lives, and again from a chosen position after a
 * restart: what is built from the log can always be rebuilt from it. Entries leave the log by
 * {@link CommitLog#purge}, once a generation holds them.
 *
 * <p>{@link LocalCommitLog} keeps the log in SQLite files on one disk ({@code durability=local}).
 * {@code durability=quorum} will be another implementation of the same interface and the same
 * contract suite; nothing here pretends to be it. The files are described in {@code DESIGN.md}
 * beside this class.
 */
@NullMarked
package io.mosaicdb.storage.log;

import org.jspecify.annotations.NullMarked;

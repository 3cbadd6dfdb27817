/**
 * How this module opens SQLite: one class per purpose of a connection.
 *
 * <p>A <em>writer</em> (WAL, {@code synchronous=FULL}) is what a file is opened with whose commits
 * must survive power loss. A <em>shard builder</em> writes a file once, without journal, because an
 * unfinished shard is thrown away. A <em>read-only pool</em> serves a sealed shard: {@code
 * immutable=1}, memory-mapped, a bounded number of connections that close when nobody asks.
 * sqlite-vec is loaded into builders and pools, and the door for extensions is shut behind it.
 *
 * <p>Every call into SQLite is a native call and pins the carrier of a virtual thread: run them on
 * a bounded pool of platform threads.
 */
@NullMarked
package io.mosaicdb.storage.sqlite;

import org.jspecify.annotations.NullMarked;

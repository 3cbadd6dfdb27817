/**
 * Answers that were given before, in tiers: memory in front of a file that outlives the process,
 * with room for a tier that coordinators share. A tier is a {@link
 * io.mosaicdb.coordinator.cache.CacheTier}; all pass the same contract suite. Whether a kept answer
 * is still true is not known here: whoever asks finds that out.
 *
 * <p><b>Life.</b> An answer lives for {@code ttl} from when it was made; every use doubles its
 * life, up to {@code hot-ttl}, so that what is asked often stays and what was asked once goes.
 *
 * <p><b>What reaches the file.</b> To write an answer costs more than many a search, so one that is
 * made stays in memory. The file gets it when it is found again, when it is made a second time soon
 * after, or when the process stops.
 *
 * <p><b>The file</b>, {@code results.db}: SQLite, WAL, synchronous=NORMAL, application_id
 * 0x4D524348, user_version 1. Table {@code answers}: {@code key} (32 bytes), {@code body} (the
 * answer as its codec writes it), {@code bytes} (its size), {@code made_at}, {@code expires_at},
 * {@code used_at} (milliseconds since 1970, UTC), {@code uses}. It may be deleted while the process
 * is down.
 */
@NullMarked
package io.mosaicdb.coordinator.cache;

import org.jspecify.annotations.NullMarked;

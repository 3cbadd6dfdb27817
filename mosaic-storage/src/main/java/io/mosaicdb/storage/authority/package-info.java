/**
 * Link authority of a partition's documents: {@code authority/<n>.db} beside the shards, never in
 * them, since ranks change when anything anywhere links otherwise and a shard never changes.
 *
 * <p>Ranks arrive in batches into a draft of the run that computed them ({@link
 * io.mosaicdb.storage.authority.AuthorityStore#add}); publishing makes the draft the next numbered
 * file and moves the pointer {@code CURRENT} to it, each step durable before the next, so that
 * after a crash there are the old ranks or the new ones. Searches never open the file: the ranks
 * are held in memory ({@link io.mosaicdb.storage.authority.AuthorityRanks}, about 24 bytes a
 * document) and replaced as one object, so that a search which has begun goes on with those it
 * began with. A file that is damaged is reported and its ranks are not used; they can be computed
 * again.
 */
@NullMarked
package io.mosaicdb.storage.authority;

import org.jspecify.annotations.NullMarked;

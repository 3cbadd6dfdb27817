/**
 * Backups of partitions: files named by their hash, and a description of each backup that names
 * them.
 *
 * <pre>
 * files/&lt;sha-256&gt;            shard files, shared by all backups of the folder
 * &lt;id&gt;.p&lt;partition&gt;.json     a backup of one partition: the manifest of its generation
 * .copying-*                 half a file; meaningless after a crash
 * </pre>
 *
 * <p>Shards never change, so a second backup copies what is new and names the rest. A description
 * is written when everything that it names is there and verified; one that is there is complete.
 */
@NullMarked
package io.mosaicdb.storage.backup;

import org.jspecify.annotations.NullMarked;

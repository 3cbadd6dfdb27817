/**
 * Long work that is answered before it is done: the caller gets a task's address and asks there.
 *
 * <p>A task is {@link io.mosaicdb.coordinator.task.TaskWork}: it reports its progress to a {@link
 * io.mosaicdb.coordinator.task.TaskRun} and stops at a safe point of its own when it is told to. A
 * bean of type {@link io.mosaicdb.coordinator.task.TaskKind} makes work that goes on after a
 * restart: its input is on disk before the task's id is given away, and it is run again, from its
 * input, when the process died meanwhile. So such work must bear being done twice. Other tasks are
 * failed at the next start, with the reason.
 *
 * <p>Tasks are kept in {@code tasks.db} (SQLite, WAL, synchronous=FULL, application_id 0x4D544B53,
 * user_version 1), one row a task in the table {@code tasks}:
 *
 * <ul>
 *   <li>{@code number} in order of creation, {@code id}, {@code kind}, {@code state} (enqueued,
 *       running, succeeded, failed, canceled), {@code starts}: how often it began to run
 *   <li>{@code done}, {@code total}, {@code unit}: progress, written at most once a second
 *   <li>{@code input}: what a kind needs to run it, null once it is finished and for work that is
 *       not resumed
 *   <li>{@code result}, {@code error}: JSON, as the API shows them; {@code kept_bytes}: their size
 *   <li>{@code created_at}, {@code started_at}, {@code finished_at}: milliseconds since 1970, UTC
 * </ul>
 */
@NullMarked
package io.mosaicdb.coordinator.task;

import org.jspecify.annotations.NullMarked;

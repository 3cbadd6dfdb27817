package io.mosaicdb.storage.log;

import java.util.concurrent.CompletableFuture;

/**
 * The two moments an append can be waited for.
 *
 * @param durable the entry is on disk
 * @param visible the entry is on disk and the applier has finished it
 */
public record Appended(CompletableFuture<Commit> durable, CompletableFuture<Commit> visible) {
  static Appended failed(CommitLogException reason) {
    return new Appended(
        CompletableFuture.failedFuture(reason), CompletableFuture.failedFuture(reason));
  }
}

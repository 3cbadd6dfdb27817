package io.mosaicdb.storage.sqlite;

/**
 * A pool at one moment.
 *
 * @param active connections handed out
 * @param idle connections open and free
 * @param waiting callers waiting for one
 * @param maximum connections the pool may open
 */
public record PoolState(int active, int idle, int waiting, int maximum) {
  public int total() {
    return active + idle;
  }
}

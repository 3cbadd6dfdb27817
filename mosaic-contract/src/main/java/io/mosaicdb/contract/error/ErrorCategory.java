package io.mosaicdb.contract.error;

/** Who can do something about a failure. */
public enum ErrorCategory {
  /** The request is at fault; sending it again unchanged fails again. */
  USER,
  /** Something the request needs is away; the same request may succeed later. */
  UNAVAILABLE,
  /** The service protects itself; the same request may succeed when there is less load. */
  RESOURCES,
  /** A defect or damage on our side; worth a report with the request id. */
  INTERNAL
}

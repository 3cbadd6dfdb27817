package io.mosaicdb.worker.authority;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.worker.ShardWorkerApi.AuthorityBody;
import io.mosaicdb.contract.worker.ShardWorkerApi.LinkTarget;
import io.mosaicdb.contract.worker.ShardWorkerApi.LinkingDocument;
import io.mosaicdb.contract.worker.ShardWorkerApi.LinksRequest;
import io.mosaicdb.contract.worker.ShardWorkerApi.LinksResponse;
import io.mosaicdb.contract.worker.ShardWorkerApi.RanksBody;
import io.mosaicdb.contract.worker.ShardWorkerApi.RanksDescription;
import io.mosaicdb.storage.authority.AuthorityDescription;
import io.mosaicdb.storage.document.LinkedDocument;
import io.mosaicdb.storage.partition.Partition;
import io.mosaicdb.storage.search.SnapshotScan;
import io.mosaicdb.worker.search.Snapshots;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Reads links and keeps ranks, a partition at a time. Reads files: for platform threads. */
@Component
public final class WorkerAuthority {
  private static final int MOST_DOCUMENTS = 10_000;

  public LinksResponse links(Partition partition, LinksRequest request) {
    if (request.limit() < 0 || request.limit() > MOST_DOCUMENTS) {
      throw MosaicException.invalidValue(
          "/limit", "must be between 0 and " + MOST_DOCUMENTS + ", got " + request.limit());
    }
    var asOf =
        request.asOf() == null
            ? null
            : Map.of(Integer.toString(partition.number()), request.asOf());
    var snapshot = Snapshots.of(partition, asOf);
    if (!snapshot.missing().isEmpty()) {
      var missing = snapshot.missing().getFirst();
      throw new MosaicException(
          ErrorCode.PARTIAL_NOT_ALLOWED,
          "links would be missing: shard " + missing.shardId() + " " + missing.reason());
    }
    var documents =
        request.limit() == 0
            ? List.<LinkedDocument>of()
            : SnapshotScan.links(snapshot, request.after(), request.limit());
    return new LinksResponse(
        snapshot.commitSeq(), documents.stream().map(WorkerAuthority::linking).toList());
  }

  private static LinkingDocument linking(LinkedDocument document) {
    return new LinkingDocument(
        document.id(),
        document.url(),
        document.links().stream().map(link -> new LinkTarget(link.url(), link.rel())).toList());
  }

  public void add(Partition partition, String run, RanksBody ranks) throws IOException {
    try {
      partition.authority().add(run, ranks.ids(), ranks.ranks());
    } catch (IllegalArgumentException e) {
      throw MosaicException.invalidValue("/ranks", String.valueOf(e.getMessage()));
    }
  }

  public AuthorityBody publish(Partition partition, String run, RanksDescription description)
      throws IOException {
    try {
      var ranks =
          partition
              .authority()
              .publish(
                  new AuthorityDescription(
                      run,
                      description.level(),
                      description.nodes(),
                      description.documents(),
                      Instant.parse(description.computedAt())));
      return new AuthorityBody(
          partition.number(), ranks.version(), ranks.description().documents());
    } catch (IllegalArgumentException | IllegalStateException | DateTimeException e) {
      throw MosaicException.invalidValue("/documents", String.valueOf(e.getMessage()));
    }
  }

  public void discard(Partition partition, String run) throws IOException {
    try {
      partition.authority().discard(run);
    } catch (IllegalArgumentException e) {
      throw MosaicException.invalidValue("/run", String.valueOf(e.getMessage()));
    }
  }
}

package io.mosaicdb.worker.search;

import io.mosaicdb.contract.worker.CandidatesRequest;
import io.mosaicdb.contract.worker.CandidatesResponse;
import io.mosaicdb.contract.worker.CandidatesResponse.CandidateBody;
import io.mosaicdb.contract.worker.FetchRequest.WantedHit;
import io.mosaicdb.model.document.Vectors;
import io.mosaicdb.storage.filter.ColumnView;
import io.mosaicdb.storage.segment.Segment;
import io.mosaicdb.worker.namespace.Namespace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Reads what ranks candidates beyond the legs' scores. Reads files: for platform threads. */
@Component
public final class WorkerCandidates {
  private final SnapshotLeases leases;

  WorkerCandidates(SnapshotLeases leases) {
    this.leases = leases;
  }

  public CandidatesResponse read(Namespace namespace, CandidatesRequest request) {
    record SegmentKey(int partition, int segment) {}
    var places = new HashMap<SegmentKey, List<Integer>>();
    for (int i = 0; i < request.hits().size(); i++) {
      var ref = request.hits().get(i).ref();
      places
          .computeIfAbsent(new SegmentKey(ref.partition(), ref.segment()), _ -> new ArrayList<>())
          .add(i);
    }
    var bodies = new CandidateBody[request.hits().size()];
    places.forEach((key, at) -> {
      var snapshot = leases.require(request.lease(), key.partition());
      var segment = snapshot.segments().get(key.segment()).segment();
      var hits = at.stream().map(request.hits()::get).toList();
      var moments = request.moment() == null ? Map.of() : moments(segment, hits, request.moment());
      var vectors = request.vectors() ? vectors(namespace, segment, hits) : Map.of();
      for (int i = 0; i < hits.size(); i++) {
        int document = hits.get(i).ref().ordinal();
        bodies[at.get(i)] =
            new CandidateBody((Long) moments.get(document), (byte[]) vectors.get(document));
      }
    });
    return new CandidatesResponse(List.of(bodies));
  }

  private static Map<Integer, Long> moments(
      Segment segment, List<WantedHit> hits, String attribute) {
    var moments = new HashMap<Integer, Long>();
    if (segment.column(attribute).orElse(null) instanceof ColumnView.Integers column) {
      for (WantedHit hit : hits) {
        int entry = column.find(hit.ref().ordinal());
        if (entry >= 0) {
          moments.put(hit.ref().ordinal(), column.values()[entry]);
        }
      }
    }
    return moments;
  }

  private static Map<Integer, byte[]> vectors(
      Namespace namespace, Segment segment, List<WantedHit> hits) {
    int dimensions = namespace.schema().vector().dimensions();
    var documents = new ArrayList<Integer>();
    var passages = new ArrayList<Integer>();
    for (WantedHit hit : hits) {
      int document = hit.ref().ordinal();
      int first = segment.firstPassage(document);
      int count = segment.firstPassage(document + 1) - first;
      @Nullable Integer wanted = hit.passage();
      if (count > 0) {
        documents.add(document);
        passages.add(first + (wanted == null || wanted >= count ? 0 : wanted));
      }
    }
    var floats = segment.vectors(passages.stream().mapToInt(passage -> passage).toArray());
    var vectors = new HashMap<Integer, byte[]>();
    if (floats.length == 0) {
      return vectors;
    }
    for (int i = 0; i < documents.size(); i++) {
      vectors.put(
          documents.get(i),
          Vectors.toBytes(Arrays.copyOfRange(floats, i * dimensions, (i + 1) * dimensions)));
    }
    return vectors;
  }
}

package io.mosaicdb.starter.metrics;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.StateSetSnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of every service of this process in one answer, as Prometheus reads them. Each
 * service keeps its own registry, so one metric may be in several: here it is one metric whose
 * series the label {@code service} tells apart. What is the whole process's, such as its memory, is
 * in all of them and given once.
 */
public final class ProcessMetrics {
  private final PrometheusRegistry own;
  private final Supplier<List<PrometheusRegistry>> others;

  ProcessMetrics(PrometheusRegistry own, Supplier<List<PrometheusRegistry>> others) {
    this.own = own;
    this.others = others;
  }

  /** A text in one of the formats that Prometheus reads. */
  public record Exposition(String contentType, byte[] body) {}

  /**
   * @param accept the request's Accept header: where it names OpenMetrics that is given, else the
   *     older text format, which everything reads
   */
  public Exposition expose(@Nullable String accept) {
    ExpositionFormatWriter writer =
        accept != null && accept.contains(OpenMetricsTextFormatWriter.CONTENT_TYPE.split(";", 2)[0])
            ? OpenMetricsTextFormatWriter.create()
            : PrometheusTextFormatWriter.create();
    var body = new ByteArrayOutputStream(1 << 16);
    try {
      writer.write(body, gather());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Exposition(writer.getContentType(), body.toByteArray());
  }

  MetricSnapshots gather() {
    var byName = new TreeMap<String, List<MetricSnapshot>>();
    add(own, true, byName);
    for (PrometheusRegistry other : others.get()) {
      if (!other.equals(own)) {
        add(other, false, byName);
      }
    }
    return new MetricSnapshots(byName.values().stream().map(ProcessMetrics::merged).toList());
  }

  private static void add(
      PrometheusRegistry registry, boolean whole, Map<String, List<MetricSnapshot>> byName) {
    for (MetricSnapshot snapshot : registry.scrape()) {
      var name = snapshot.getMetadata().getPrometheusName();
      if (whole || !ServiceLabel.isOfTheProcess(name.replace('_', '.'))) {
        byName.computeIfAbsent(name, _ -> new ArrayList<>()).add(snapshot);
      }
    }
  }

  private static MetricSnapshot merged(List<MetricSnapshot> parts) {
    var first = parts.getFirst();
    if (parts.size() == 1) {
      return first;
    }
    var metadata = first.getMetadata();
    return switch (first) {
      case CounterSnapshot _ ->
          new CounterSnapshot(
              metadata, points(parts, CounterSnapshot.class, CounterSnapshot::getDataPoints));
      case GaugeSnapshot _ ->
          new GaugeSnapshot(
              metadata, points(parts, GaugeSnapshot.class, GaugeSnapshot::getDataPoints));
      case SummarySnapshot _ ->
          new SummarySnapshot(
              metadata, points(parts, SummarySnapshot.class, SummarySnapshot::getDataPoints));
      case HistogramSnapshot histogram ->
          new HistogramSnapshot(
              histogram.isGaugeHistogram(),
              metadata,
              points(parts, HistogramSnapshot.class, HistogramSnapshot::getDataPoints));
      case InfoSnapshot _ ->
          new InfoSnapshot(
              metadata, points(parts, InfoSnapshot.class, InfoSnapshot::getDataPoints));
      case StateSetSnapshot _ ->
          new StateSetSnapshot(
              metadata, points(parts, StateSetSnapshot.class, StateSetSnapshot::getDataPoints));
      case UnknownSnapshot _ ->
          new UnknownSnapshot(
              metadata, points(parts, UnknownSnapshot.class, UnknownSnapshot::getDataPoints));
      default -> first;
    };
  }

  private interface Points<S, P> {
    List<P> of(S snapshot);
  }

  /** Of the same type as the first, each set of labels once. */
  private static <S extends MetricSnapshot, P extends DataPointSnapshot> Collection<P> points(
      List<MetricSnapshot> parts, Class<S> type, Points<S, P> points) {
    var byLabels = new LinkedHashMap<Labels, P>();
    for (MetricSnapshot part : parts) {
      if (type.isInstance(part)) {
        points.of(type.cast(part)).forEach(each -> byLabels.putIfAbsent(each.getLabels(), each));
      }
    }
    return byLabels.values();
  }
}

package io.mosaicdb.starter.metrics;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import java.util.List;

/**
 * Says whose a metric is, save where it is the whole process's, and keeps what libraries measure to
 * the conventions of Prometheus: base units, a help text for each, no name that looks like a part
 * of a histogram. {@code promtool check metrics} has nothing to say then.
 */
final class ServiceLabel implements MeterFilter {
  private static final List<String> OF_THE_PROCESS =
      List.of("jvm.", "process.", "system.", "disk.", "logback.");

  /** In units that are none of Prometheus', or of sessions, which no service has. */
  private static final List<String> LEFT_OUT =
      List.of("jvm.compilation.time", "process.cpu.time", "tomcat.sessions");

  private final Tag service;

  ServiceLabel(String service) {
    this.service = Tag.of("service", service);
  }

  static boolean isOfTheProcess(String prefix) {
    return OF_THE_PROCESS.stream().anyMatch(prefix::startsWith);
  }

  @Override
  public Meter.Id map(Meter.Id id) {
    var name = id.getName().equals("system.cpu.count") ? "system.cpus" : id.getName();
    var help = id.getDescription();
    var labels = Tags.of(id.getTagsAsIterable());
    return new Meter.Id(
        name,
        isOfTheProcess(name) ? labels : labels.and(service),
        id.getBaseUnit(),
        help == null || help.isBlank() ? name.replace('.', ' ') : help,
        id.getType());
  }

  @Override
  public MeterFilterReply accept(Meter.Id id) {
    return LEFT_OUT.stream().anyMatch(id.getName()::startsWith)
        ? MeterFilterReply.DENY
        : MeterFilterReply.NEUTRAL;
  }
}

package io.mosaicdb.storage.filter;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.mosaicdb.model.document.Document;
import io.mosaicdb.model.filter.Filter;
import io.mosaicdb.model.schema.Attribute;
import io.mosaicdb.model.schema.AttributeType;
import io.mosaicdb.model.schema.Schema;
import io.mosaicdb.storage.segment.Segment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Circles and boxes against brute force, in memory and through a shard's R*Tree. */
class GeoFilterTest {
  private static final long SEED = 20260131;
  private static final int PLACES = 3_000;
  private static final int AREAS = 400;
  private static final double RADIUS = 6_371_008.8;
  private static final Schema SCHEMA =
      Schema.standard(0)
          .with("at", new Attribute(AttributeType.GEO, true))
          .with("home", new Attribute(AttributeType.GEO, true));

  @TempDir private Path folder;

  private final Random random = new Random(SEED);

  @Test
  void findsWhatBruteForceFinds() throws Exception {
    var documents = documents();
    int found = 0;
    try (var segments = new BothSegments(SCHEMA)) {
      var live = segments.live(documents);
      var sealed = segments.sealed(folder, documents);

      for (int i = 0; i < AREAS; i++) {
        Filter area = i % 2 == 0 ? circle() : box();
        var expected = new TreeSet<String>();
        for (Document document : documents) {
          if (document.attributes().get("at") instanceof Map<?, ?> place
              && holds(area, degrees(place, "lat"), degrees(place, "lon"))) {
            expected.add(document.id());
          }
        }

        assertThat(matching(live, area)).as("seed %d, %s", SEED, area).isEqualTo(expected);
        assertThat(matching(sealed, area)).as("seed %d, %s", SEED, area).isEqualTo(expected);
        found += expected.size();
      }
    }
    assertThat(found).isGreaterThan(AREAS);
  }

  private Filter circle() {
    double latitude = latitude();
    double longitude = longitude();
    double radius = Math.pow(10, 2 + random.nextDouble() * 5.3);
    return new Filter.GeoRadius("at", latitude, longitude, Math.min(radius, 20_037_509));
  }

  private Filter box() {
    double one = latitude();
    double other = latitude();
    return new Filter.GeoBox(
        "at", Math.min(one, other), longitude(), Math.max(one, other), longitude());
  }

  /** Some at the poles and on the antimeridian. */
  private double latitude() {
    int kind = random.nextInt(20);
    return kind == 0
        ? 90
        : kind == 1
            ? -90
            : kind == 2 ? 89.99 : Math.toDegrees(Math.asin(random.nextDouble() * 2 - 1));
  }

  private double longitude() {
    int kind = random.nextInt(12);
    return kind == 0
        ? 180
        : kind == 1 ? -180 : kind == 2 ? 179.999 : random.nextDouble() * 360 - 180;
  }

  private List<Document> documents() {
    var documents = new ArrayList<Document>();
    for (int i = 0; i < PLACES; i++) {
      var attributes = new TreeMap<String, Object>();
      if (random.nextInt(10) > 0) {
        attributes.put("at", Map.of("lat", latitude(), "lon", longitude()));
      }
      attributes.put("home", Map.of("lat", latitude(), "lon", longitude()));
      documents.add(
          new Document(
              "place-" + i,
              new TreeMap<>(Map.of("text", "a place")),
              null,
              attributes,
              List.of(),
              List.of()));
    }
    return documents;
  }

  private static boolean holds(Filter area, double latitude, double longitude) {
    return switch (area) {
      case Filter.GeoRadius circle ->
          chord(circle.latitude(), circle.longitude(), latitude, longitude)
              <= circle.radiusMeters();
      case Filter.GeoBox box -> {
        boolean inside = false;
        // A place on the antimeridian has two longitudes, a pole has all.
        var longitudes =
            Math.abs(latitude) == 90
                ? Set.of(box.west())
                : Math.abs(longitude) == 180 ? Set.of(180.0, -180.0) : Set.of(longitude);
        for (double each : longitudes) {
          double fromWest = each - box.west();
          double width = box.east() - box.west();
          inside |= (fromWest < 0 ? fromWest + 360 : fromWest) <= (width < 0 ? width + 360 : width);
        }
        yield inside && latitude >= box.south() && latitude <= box.north();
      }
      default -> throw new AssertionError(area);
    };
  }

  private static double degrees(Map<?, ?> place, String name) {
    return (Double) requireNonNull(place.get(name));
  }

  /** The distance by the chord between two points of the sphere. */
  private static double chord(double lat1, double lon1, double lat2, double lon2) {
    var one = point(lat1, lon1);
    var other = point(lat2, lon2);
    double squares = 0;
    for (int i = 0; i < 3; i++) {
      squares += (one[i] - other[i]) * (one[i] - other[i]);
    }
    return 2 * RADIUS * Math.asin(Math.min(1, Math.sqrt(squares) / 2));
  }

  private static double[] point(double latitude, double longitude) {
    double lat = Math.toRadians(latitude);
    double lon = Math.toRadians(longitude);
    return new double[] {
      Math.cos(lat) * Math.cos(lon), Math.cos(lat) * Math.sin(lon), Math.sin(lat)
    };
  }

  private static Set<String> matching(Segment segment, Filter filter) {
    var ids = new TreeSet<String>();
    segment.matching(filter).forEach(ordinal -> ids.add(segment.id(ordinal)));
    return ids;
  }
}

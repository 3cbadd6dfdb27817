package io.mosaicdb.storage.filter;

import io.mosaicdb.model.filter.Filter;
import java.util.ArrayList;
import java.util.List;

/**
 * A circle or a box on the earth, taken as a sphere: whether a place lies in it, and boxes of
 * degrees that hold every place of it, for an index to look in first.
 */
public final class GeoArea {
  /** Mean radius of the earth in meters (IUGG, R1). */
  private static final double EARTH_RADIUS = 6_371_008.8;

  /** About a tenth of a meter: more than rounding moves the edge of a circle's boxes. */
  private static final double SLACK = 1e-6;

  private final Filter condition;

  private GeoArea(Filter condition) {
    this.condition = condition;
  }

  /** The area of a {@link Filter.GeoRadius} or a {@link Filter.GeoBox}. */
  public static GeoArea of(Filter condition) {
    if (!(condition instanceof Filter.GeoRadius || condition instanceof Filter.GeoBox)) {
      throw new IllegalArgumentException("not an area: " + condition);
    }
    return new GeoArea(condition);
  }

  /** Degrees between which latitudes and longitudes lie; {@code west <= east}. */
  public record Box(double south, double west, double north, double east) {}

  /** Whether the area has this place, in degrees. */
  public boolean contains(double latitude, double longitude) {
    return switch (condition) {
      case Filter.GeoRadius circle ->
          distance(circle.latitude(), circle.longitude(), latitude, longitude)
              <= circle.radiusMeters();
      case Filter.GeoBox box -> contains(box, latitude, longitude);
      default -> throw new AssertionError(condition);
    };
  }

  private static boolean contains(Filter.GeoBox box, double latitude, double longitude) {
    if (latitude < box.south() || latitude > box.north()) {
      return false;
    }
    return Math.abs(latitude) == 90
        || between(box, longitude)
        || (Math.abs(longitude) == 180 && between(box, -longitude));
  }

  private static boolean between(Filter.GeoBox box, double longitude) {
    return box.west() <= box.east()
        ? longitude >= box.west() && longitude <= box.east()
        : longitude >= box.west() || longitude <= box.east();
  }

  /** Haversine distance in meters between two places in degrees. */
  private static double distance(double lat1, double lon1, double lat2, double lon2) {
    double sinLat = Math.sin(Math.toRadians(lat2 - lat1) / 2);
    double sinLon = Math.sin(Math.toRadians(lon2 - lon1) / 2);
    double h =
        sinLat * sinLat
            + Math.cos(Math.toRadians(lat1)) * Math.cos(Math.toRadians(lat2)) * sinLon * sinLon;
    return 2 * EARTH_RADIUS * Math.asin(Math.min(1, Math.sqrt(h)));
  }

  /** Boxes that together hold every place of the area; some of their places lie outside it. */
  public List<Box> boxes() {
    return switch (condition) {
      case Filter.GeoRadius circle -> boxes(circle);
      case Filter.GeoBox box -> boxes(box);
      default -> throw new AssertionError(condition);
    };
  }

  private static List<Box> boxes(Filter.GeoRadius circle) {
    double angle = Math.min(Math.PI, circle.radiusMeters() / EARTH_RADIUS);
    double south = circle.latitude() - Math.toDegrees(angle) - SLACK;
    double north = circle.latitude() + Math.toDegrees(angle) + SLACK;
    if (south <= -90 || north >= 90) {
      // Every meridian meets a circle that holds a pole.
      return List.of(new Box(Math.max(-90, south), -180, Math.min(90, north), 180));
    }
    double spread = Math.sin(angle) / Math.cos(Math.toRadians(circle.latitude()));
    double width = Math.toDegrees(Math.asin(Math.min(1, spread))) + SLACK;
    return around(south, circle.longitude() - width, north, circle.longitude() + width);
  }

  private static List<Box> around(double south, double west, double north, double east) {
    if (east - west >= 360) {
      return List.of(new Box(south, -180, north, 180));
    }
    var boxes = new ArrayList<Box>(2);
    boxes.add(new Box(south, Math.max(-180, west), north, Math.min(180, east)));
    if (west < -180) {
      boxes.add(new Box(south, west + 360, north, 180));
    }
    if (east > 180) {
      boxes.add(new Box(south, -180, north, east - 360));
    }
    return boxes;
  }

  private static List<Box> boxes(Filter.GeoBox box) {
    var boxes = new ArrayList<Box>(4);
    double east = box.west() <= box.east() ? box.east() : box.east() + 360;
    boxes.addAll(around(box.south(), box.west() - SLACK, box.north(), east + SLACK));
    if (box.north() == 90) {
      boxes.add(new Box(90, -180, 90, 180));
    }
    if (box.south() == -90) {
      boxes.add(new Box(-90, -180, -90, 180));
    }
    return boxes;
  }
}

package io.mosaicdb.storage.compaction;

import io.mosaicdb.storage.vector.CentroidSet;
import io.mosaicdb.storage.vector.VectorMetric;
import io.mosaicdb.storage.vector.VectorSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts documents into groups of a size by what they are about.
 *
 * <p>K-means with as many cells as shards are needed; a cell that is still too large is cut again
 * in the same way, and one whose vectors cannot be told apart is cut in order. Then groups that are
 * at most half full join the nearest one with room, so that at most one of them remains: k-means
 * alone leaves many crumbs, which would be small shards again. Deterministic: the same vectors give
 * the same groups.
 *
 * <p>Memory: the sample of one k-means and a number a document; vectors are read from the source
 * once a level.
 */
public final class TopicGroups {
  /** More cells at once cost more than a second level. */
  private static final int MOST_CELLS = 64;

  private final VectorMetric metric;
  private final VectorSource documents;
  private final int most;
  private final List<Group> groups = new ArrayList<>();

  private TopicGroups(VectorMetric metric, VectorSource documents, int most) {
    this.metric = metric;
    this.documents = documents;
    this.most = most;
  }

  private record Group(int[] members, double[] mean) {}

  /**
   * The groups, each with the ascending numbers of its documents.
   *
   * @param documents a vector a document, each one that {@code metric} can compare
   * @param most documents of a group at most
   */
  public static List<int[]> of(VectorMetric metric, VectorSource documents, int most) {
    if (most < 1) {
      throw new IllegalArgumentException("a group has at least one document, got " + most);
    }
    if (documents.size() == 0) {
      return List.of();
    }
    var all = new int[documents.size()];
    Arrays.setAll(all, i -> i);
    if (all.length <= most) {
      return List.of(all);
    }
    var cut = new TopicGroups(metric, documents, most);
    cut.cut(new Group(all, new double[0]));
    cut.join();
    return cut.groups.stream().map(Group::members).toList();
  }

  private void cut(Group group) {
    int[] members = group.members();
    if (members.length <= most) {
      groups.add(group);
      return;
    }
    int cells = Math.min(MOST_CELLS, (members.length + most - 1) / most);
    var centroids = CentroidSet.train(metric, among(members), cells);
    var parts = assign(members, centroids);
    for (Group part : parts) {
      if (part.members().length == members.length) {
        cutInOrder(part);
        return;
      }
    }
    parts.forEach(this::cut);
  }

  private VectorSource among(int[] members) {
    return new VectorSource() {
      @Override
      public int size() {
        return members.length;
      }

      @Override
      public float[] vector(int ordinal) {
        return documents.vector(members[ordinal]);
      }
    };
  }

  /** The cells that are not empty. */
  private List<Group> assign(int[] members, CentroidSet centroids) {
    var cells = new int[members.length];
    var sizes = new int[centroids.size()];
    var sums = new double[centroids.size()][centroids.dimensions()];
    for (int i = 0; i < members.length; i++) {
      var vector = metric.prepare(documents.vector(members[i]));
      int cell = centroids.cellOf(vector);
      cells[i] = cell;
      sizes[cell]++;
      for (int d = 0; d < vector.length; d++) {
        sums[cell][d] += vector[d];
      }
    }
    var parts = new ArrayList<Group>();
    for (int cell = 0; cell < sizes.length; cell++) {
      if (sizes[cell] == 0) {
        continue;
      }
      var part = new int[sizes[cell]];
      int next = 0;
      for (int i = 0; i < members.length; i++) {
        if (cells[i] == cell) {
          part[next++] = members[i];
        }
      }
      for (int d = 0; d < sums[cell].length; d++) {
        sums[cell][d] /= part.length;
      }
      parts.add(new Group(part, sums[cell]));
    }
    return parts;
  }

  private void cutInOrder(Group group) {
    int[] members = group.members();
    for (int from = 0; from < members.length; from += most) {
      var part = Arrays.copyOfRange(members, from, Math.min(members.length, from + most));
      groups.add(new Group(part, group.mean()));
    }
  }

  /**
   * What is at most half full joins the nearest group with room; two of them always have room for
   * each other, so that at most one remains.
   */
  private void join() {
    while (true) {
      int smallest = -1;
      for (int i = 0; i < groups.size(); i++) {
        if (isHalfEmpty(i) && (smallest < 0 || size(i) < size(smallest))) {
          smallest = i;
        }
      }
      int nearest = smallest < 0 ? -1 : nearestWithRoom(smallest);
      if (nearest < 0) {
        return;
      }
      var joined = joined(groups.get(smallest), groups.get(nearest));
      groups.remove(Math.max(smallest, nearest));
      groups.set(Math.min(smallest, nearest), joined);
    }
  }

  private boolean isHalfEmpty(int group) {
    return size(group) * 2L <= most;
  }

  private int size(int group) {
    return groups.get(group).members().length;
  }

  private int nearestWithRoom(int group) {
    int nearest = -1;
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < groups.size(); i++) {
      if (i == group || size(i) + size(group) > most) {
        continue;
      }
      double distance = distance(groups.get(group).mean(), groups.get(i).mean());
      if (nearest < 0 || distance < least) {
        nearest = i;
        least = distance;
      }
    }
    return nearest;
  }

  private static double distance(double[] a, double[] b) {
    double sum = 0;
    for (int d = 0; d < a.length; d++) {
      sum += (a[d] - b[d]) * (a[d] - b[d]);
    }
    return sum;
  }

  private static Group joined(Group a, Group b) {
    var members = Arrays.copyOf(a.members(), a.members().length + b.members().length);
    System.arraycopy(b.members(), 0, members, a.members().length, b.members().length);
    Arrays.sort(members);
    var mean = new double[a.mean().length];
    for (int d = 0; d < mean.length; d++) {
      mean[d] =
          (a.mean()[d] * a.members().length + b.mean()[d] * b.members().length) / members.length;
    }
    return new Group(members, mean);
  }
}

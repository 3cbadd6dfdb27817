package io.mosaicdb.storage.text;

import io.mosaicdb.storage.text.TextIndexMemory.Accumulators;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One ranked search over packed postings: adds up quantized impacts block by block, term after
 * term, and scores exactly whatever could, within the bounded rounding error of these sums, be
 * among the best.
 */
final class ImpactSearch {
  private static final int CHUNK = 4_096;
  private static final int FEW_POSTINGS = 2_048;
  private static final int QUANTA = 255;

  /** Above this many leaves the shift grows so far that weights of 8 bits would overflow. */
  private static final int MANY_LEAVES = 100;

  /**
   * A leaf that occurs in the segment.
   *
   * @param drift how far a posting's impact may be from the caller's for another average length
   */
  record Operand(PostingList postings, ScoredLeaf scored, double drift) {}

  private final List<Operand> operands;
  private final int documents;
  private final long @Nullable [] accept;
  private final AccumulatorKernel kernel;
  private final Accumulators accumulators;
  private final int[] weights;
  private final int shift;
  private final double unit;

  /** How far an exact score may be above its sum, and how far below; in sums. */
  private final double above;

  private final double below;
  private long matched;

  ImpactSearch(
      List<Operand> operands,
      int documents,
      long @Nullable [] accept,
      AccumulatorKernel kernel,
      Accumulators accumulators) {
    this.operands = operands;
    this.documents = documents;
    this.accept = accept;
    this.kernel = kernel;
    this.accumulators = accumulators;
    this.weights = new int[operands.size()];
    int weightQuanta = weights.length > MANY_LEAVES ? QUANTA / 2 : QUANTA;
    double heaviest = 0;
    for (var operand : operands) {
      heaviest = Math.max(heaviest, operand.scored().weight());
    }
    for (int i = 0; i < weights.length; i++) {
      double share = operands.get(i).scored().weight() / heaviest;
      weights[i] = Math.max(1, (int) (weightQuanta * share + 0.5));
    }
    this.shift = shiftFor(weights);
    this.unit = heaviest / weightQuanta / QUANTA * (1 << shift);
    double error = 0;
    double clamped = 0;
    for (int i = 0; i < weights.length; i++) {
      double exact = weightQuanta * operands.get(i).scored().weight() / heaviest;
      double drift = QUANTA * operands.get(i).drift();
      error += (0.5 + drift) * weights[i] + QUANTA * Math.abs(weights[i] - exact);
      // An impact is at least 1, and a shifted product is rounded up: both only add to the sum.
      clamped += 0.5 * weights[i] + (1 << shift);
    }
    this.above = error / (1 << shift);
    this.below = (error + clamped) / (1 << shift);
  }

  /**
   * @param floor documents that score less are not of interest
   */
  ScoredDocuments run(int k, float floor) {
    var candidates = candidates(k, floor);
    return rescore(candidates, k, floor).sorted(matched);
  }

  /** The least shift with which no sum overflows a short. */
  private static int shiftFor(int[] weights) {
    for (int shift = 0; shift < 16; shift++) {
      long most = 0;
      for (int weight : weights) {
        most += (QUANTA * weight + (1 << shift) - 1) >>> shift;
      }
      if (most <= Short.MAX_VALUE) {
        return shift;
      }
    }
    throw new IllegalArgumentException("too many terms: " + weights.length);
  }

  private CandidateSums candidates(int k, float floor) {
    matched = 0;
    int margin = (int) Math.ceil(above + below) + 1;
    var best = new CandidateSums(Math.min(k, documents), margin, (int) (floor / unit - above));
    int blocks = (documents + PostingBlock.SPAN - 1) / PostingBlock.SPAN;
    for (int block = 0; block < blocks; block++) {
      if (add(block)) {
        drainAll(block, best);
      } else {
        drainTouched(block, best);
      }
    }
    return best;
  }

  /** Fills the accumulators; returns whether so many are touched that all should be read. */
  private boolean add(int block) {
    int touched = 0;
    for (int i = 0; i < weights.length; i++) {
      var postings = operands.get(i).postings().block(block);
      if (postings == null) {
        continue;
      }
      if (postings.ordinals == null) {
        touched = FEW_POSTINGS;
        kernel.addDense(postings.impacts, weights[i], shift, accumulators.values);
      } else {
        touched += postings.count;
        addSparse(postings.ordinals, postings.impacts, weights[i]);
      }
    }
    return touched >= FEW_POSTINGS;
  }

  private void addSparse(char[] ordinals, byte[] impacts, int weight) {
    var values = accumulators.values;
    int round = (1 << shift) - 1;
    for (int i = 0; i < ordinals.length; i++) {
      values[ordinals[i]] += (short) (((impacts[i] & 0xFF) * weight + round) >>> shift);
    }
  }

  private void drainAll(int block, CandidateSums best) {
    int base = block * PostingBlock.SPAN;
    int span = (Math.min(PostingBlock.SPAN, documents - base) + 63) & ~63;
    for (int from = 0; from < span; from += CHUNK) {
      int threshold = Math.min(best.threshold(), Short.MAX_VALUE);
      long drained =
          kernel.drain(
              accumulators.values,
              from,
              Math.min(from + CHUNK, span),
              threshold,
              accept,
              base >>> 6,
              accumulators.hits);
      matched += drained >>> 32;
      for (int i = 0; i < (int) drained; i++) {
        int hit = accumulators.hits[i];
        best.offer(hit >>> 16, base + (hit & 0xFFFF));
      }
    }
  }

  private void drainTouched(int block, CandidateSums best) {
    int base = block * PostingBlock.SPAN;
    var values = accumulators.values;
    for (var operand : operands) {
      var postings = operand.postings().block(block);
      if (postings == null || postings.ordinals == null) {
        continue;
      }
      for (char low : postings.ordinals) {
        int value = values[low];
        if (value == 0) {
          continue;
        }
        values[low] = 0;
        int ordinal = base + low;
        if (accept == null || (accept[ordinal >>> 6] >>> ordinal & 1) != 0) {
          matched++;
          best.offer(value, ordinal);
        }
      }
    }
  }

  /** Best sums first, until no sum left can come to the k-th exact score. */
  private TopDocuments rescore(CandidateSums candidates, int k, float floor) {
    var keys = candidates.sorted();
    var top = new TopDocuments(Math.min(k, keys.length));
    for (int i = keys.length - 1; i >= 0; i--) {
      double most = (LongMinHeap.score(keys[i]) + above + 1) * unit;
      if (most < top.worst()) {
        break;
      }
      int ordinal = LongMinHeap.ordinal(keys[i]);
      float score = exactScore(ordinal);
      if (score >= floor) {
        top.offer(ordinal, score);
      }
    }
    return top;
  }

  private float exactScore(int ordinal) {
    double score = 0;
    for (var operand : operands) {
      var block = operand.postings().block(ordinal >>> 16);
      if (block == null) {
        continue;
      }
      int place = block.find(ordinal & 0xFFFF);
      if (place >= 0) {
        int fields = operand.scored().selection().group().size();
        score +=
            operand.scored().score(ordinal, block.frequencies, block.frequenciesAt(place, fields));
      }
    }
    return (float) score;
  }
}

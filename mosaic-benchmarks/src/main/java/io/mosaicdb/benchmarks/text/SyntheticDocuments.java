package io.mosaicdb.benchmarks.text;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Documents that look to an index like English prose: word frequencies follow Zipf and Mandelbrot,
 * about 110 of about 150 words are distinct, a quarter of the words belong to the document's topic.
 * Document i is the same in every run and on every machine.
 */
public final class SyntheticDocuments {
  private static final int VOCABULARY = 300_000;
  private static final int TOPICS = 500;
  private static final int TOPIC_WORDS = 4_000;
  private static final int FIRST_TOPIC_WORD = 150;
  private static final String[] SYLLABLES = {
    "ba", "ce", "di", "fo", "gu", "ha", "ke", "li", "mo", "nu", "pa", "re", "si", "to", "vu", "ze"
  };

  private final long seed;
  private final double[] cumulative;
  private final double[] topicCumulative;

  public SyntheticDocuments(long seed) {
    this.seed = seed;
    this.cumulative = zipf(VOCABULARY, 2.7, 1.2);
    this.topicCumulative = zipf(TOPIC_WORDS, 10, 0.9);
  }

  /** The most frequent words have the lowest ranks. */
  public String word(int rank) {
    var word = new StringBuilder();
    int rest = rank + 16;
    while (rest > 0) {
      word.append(SYLLABLES[rest & 15]);
      rest >>>= 4;
    }
    return word.toString();
  }

  int[] ranks(int document) {
    var random = new SplittableRandom(seed * 1_000_003 + document);
    int topic = random.nextInt(TOPICS);
    var ranks = new int[95 + random.nextInt(110)];
    for (int i = 0; i < ranks.length; i++) {
      ranks[i] =
          random.nextInt(4) == 0
              ? topicWord(topic, draw(topicCumulative, random))
              : draw(cumulative, random);
    }
    return ranks;
  }

  public String text(int document) {
    var text = new StringBuilder();
    for (int rank : ranks(document)) {
      text.append(word(rank)).append(' ');
    }
    return text.toString();
  }

  /**
   * {@code words} different words that follow one another in a document, leaving out frequent ones.
   */
  public List<Integer> question(int number, int documents, int words, int leastRank) {
    var random = new SplittableRandom(seed + 7_919L * number);
    while (true) {
      var ranks = ranks(random.nextInt(documents));
      var chosen =
          Arrays.stream(ranks)
              .skip(random.nextInt(40))
              .filter(rank -> rank >= leastRank)
              .distinct()
              .limit(words)
              .boxed()
              .toList();
      if (new HashSet<>(chosen).size() == words) {
        return chosen;
      }
    }
  }

  /** A word of a topic is any word but the most frequent; topics share some. */
  private static int topicWord(int topic, int place) {
    long mixed = (topic * 0x9E3779B97F4A7C15L + place * 0xC2B2AE3D27D4EB4FL) >>> 11;
    // Squaring favours the more frequent words, as topics of real prose do.
    double spread = (mixed & 0xFFFFFF) / (double) 0x1000000;
    return FIRST_TOPIC_WORD + (int) (60_000 * spread * spread * spread);
  }

  private static int draw(double[] cumulative, SplittableRandom random) {
    int found = Arrays.binarySearch(cumulative, random.nextDouble());
    return Math.min(found >= 0 ? found : -found - 1, cumulative.length - 1);
  }

  private static double[] zipf(int size, double shift, double exponent) {
    var cumulative = new double[size];
    double sum = 0;
    for (int i = 0; i < size; i++) {
      sum += Math.pow(i + shift, -exponent);
      cumulative[i] = sum;
    }
    for (int i = 0; i < size; i++) {
      cumulative[i] /= sum;
    }
    return cumulative;
  }
}

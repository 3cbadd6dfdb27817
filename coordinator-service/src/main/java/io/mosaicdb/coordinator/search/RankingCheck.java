package io.mosaicdb.coordinator.search;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.search.SearchRequest;
import io.mosaicdb.contract.search.SearchRequest.AuthorityBody;
import io.mosaicdb.contract.search.SearchRequest.BoostBody;
import io.mosaicdb.contract.search.SearchRequest.DiversityBody;
import io.mosaicdb.contract.search.SearchRequest.RerankBody;
import io.mosaicdb.coordinator.namespace.Durations;
import io.mosaicdb.coordinator.rerank.SecondPhaseReranker;
import io.mosaicdb.coordinator.search.RankingOptions.Diversity;
import io.mosaicdb.coordinator.search.RankingOptions.Recency;
import io.mosaicdb.model.ranking.Boost;
import io.mosaicdb.model.ranking.LinkAuthority;
import io.mosaicdb.model.schema.AttributeType;
import io.mosaicdb.model.schema.Schema;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Checks what changes the order beyond the fusion of the legs. */
final class RankingCheck {
  private static final Duration STANDARD_HALF_LIFE = Duration.ofDays(30);
  private static final double STANDARD_RECENCY = 0.5;
  private static final double STANDARD_LAMBDA = 0.5;
  private static final int STANDARD_DIVERSITY = 100;
  private static final int MOST_DIVERSITY = 500;
  private static final int STANDARD_RERANK = 50;

  private RankingCheck() {}

  static RankingOptions check(
      SearchRequest request, Schema schema, SecondPhaseReranker secondPhase) {
    boolean ranks = request.q() != null || request.vector() != null;
    refuseWithoutQuestion("/boost", request.boost() != null && !ranks);
    refuseWithoutQuestion("/diversity", request.diversity() != null && !ranks);
    return new RankingOptions(
        authority(request.authority(), ranks),
        recency(request.boost(), schema),
        diversity(request.diversity(), schema),
        rerank(request, secondPhase));
  }

  private static void refuseWithoutQuestion(String pointer, boolean given) {
    if (given) {
      throw MosaicException.invalidValue(
          pointer, "must be absent without /q and /vector: nothing is ranked");
    }
  }

  private static double authority(@Nullable AuthorityBody body, boolean ranks) {
    return body == null || body.weight() == null
        ? ranks ? LinkAuthority.STANDARD_WEIGHT : 0
        : between("/authority/weight", body.weight(), Boost.MAX_WEIGHT);
  }

  private static @Nullable Recency recency(@Nullable BoostBody boost, Schema schema) {
    if (boost == null || boost.recency() == null) {
      return null;
    }
    var body = boost.recency();
    var at = "/boost/recency";
    if (body.field() == null) {
      throw MosaicException.invalidValue(at + "/field", "must name a datetime attribute");
    }
    var attribute = schema.attributes().get(body.field());
    if (attribute == null || attribute.type() != AttributeType.DATETIME) {
      throw MosaicException.invalidValue(
          at + "/field",
          "must be a datetime attribute of the namespace, got '" + body.field() + "'");
    }
    if (!attribute.filterable()) {
      throw MosaicException.invalidValue(
          at + "/field", "'" + body.field() + "' is not filterable, so its values are not at hand");
    }
    double weight =
        body.weight() == null
            ? STANDARD_RECENCY
            : between(at + "/weight", body.weight(), Boost.MAX_WEIGHT);
    return new Recency(body.field(), halfLife(body.halfLife(), at + "/half_life"), weight);
  }

  private static Duration halfLife(@Nullable String text, String at) {
    if (text == null) {
      return STANDARD_HALF_LIFE;
    }
    Duration halfLife;
    try {
      halfLife = Durations.parse(text);
    } catch (IllegalArgumentException e) {
      throw MosaicException.invalidValue(at, String.valueOf(e.getMessage()));
    }
    if (halfLife.toMillis() < 1) {
      throw MosaicException.invalidValue(at, "must be at least 1ms, got '" + text + "'");
    }
    return halfLife;
  }

  private static @Nullable Diversity diversity(@Nullable DiversityBody body, Schema schema) {
    if (body == null) {
      return null;
    }
    if (!schema.vector().present()) {
      throw MosaicException.invalidValue(
          "/diversity", "compares vectors, and the namespace has none");
    }
    double lambda =
        body.lambda() == null ? STANDARD_LAMBDA : between("/diversity/lambda", body.lambda(), 1);
    return new Diversity(
        lambda,
        between("/diversity/candidates", body.candidates(), STANDARD_DIVERSITY, MOST_DIVERSITY));
  }

  private static int rerank(SearchRequest request, SecondPhaseReranker secondPhase) {
    @Nullable RerankBody body = request.rerank();
    if (body == null) {
      return 0;
    }
    if (secondPhase.reranker() == null) {
      throw MosaicException.at(
          ErrorCode.NOT_IMPLEMENTED,
          "/rerank",
          "needs a reranker, and this server has none: set mosaic.coordinator.rerank.url");
    }
    if (request.q() == null) {
      throw MosaicException.invalidValue("/rerank", "needs /q: a reranker reads the question");
    }
    int most = secondPhase.candidates();
    return between("/rerank/candidates", body.candidates(), Math.min(STANDARD_RERANK, most), most);
  }

  private static double between(String pointer, double value, double most) {
    if (!(value >= 0 && value <= most)) {
      throw MosaicException.invalidValue(
          pointer, "must be between 0 and " + most + ", got " + value);
    }
    return value;
  }

  private static int between(String pointer, @Nullable Integer value, int standard, int most) {
    if (value == null) {
      return standard;
    }
    if (value < 1 || value > most) {
      throw MosaicException.invalidValue(
          pointer, "must be between 1 and " + most + ", got " + value);
    }
    return value;
  }
}

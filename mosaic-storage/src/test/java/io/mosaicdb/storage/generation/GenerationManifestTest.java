package io.mosaicdb.storage.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mosaicdb.storage.hash.ContentHash;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class GenerationManifestTest {
  @Test
  void readsBackWhatItWrote() {
    var manifest = manifest("ä schema");

    var again = GenerationManifest.fromJson(manifest.toJson());

    assertThat(again).isEqualTo(manifest);
    assertThat(again.manifestId()).isEqualTo(manifest.manifestId()).hasSize(52);
  }

  @Test
  void hasTheSameIdForTheSameContentOnly() {
    assertThat(manifest("a").manifestId()).isEqualTo(manifest("a").manifestId());
    assertThat(manifest("a").manifestId()).isNotEqualTo(manifest("b").manifestId());
  }

  @Test
  void keepsItsIdAcrossVersions() {
    var first = with(manifest("fixed", null), "{}");

    assertThat(first.manifestId())
        .isEqualTo("wiayz6f2hdimbfedouxvnqnmvwcgrzkfxqwgkk7zsk2o7leht3lq");
    assertThat(GenerationManifest.fromJson(first.toJson())).isEqualTo(first);
    assertThat(manifest("fixed", null).manifestId())
        .isEqualTo("prlo3to4vgbs7foc3b5llah5evr5o6brbwzuowrez3iavu4bxsya");
    assertThat(manifest("fixed", 17L).manifestId())
        .isEqualTo("nz36gwp4azlsluhxdnez4j3uhkwynkohjgivzgzjos2s25x2l6ya");
  }

  @Test
  void aManifestThatDoesNotKnowItsHorizonPromisesItsLastCommitOnly() {
    var unknown = GenerationManifest.fromJson(manifest("a", null).toJson());

    assertThat(unknown.horizon()).isNull();
    assertThat(unknown.oldestReadable()).isEqualTo(99);
    assertThat(GenerationManifest.fromJson(manifest("a", 17L).toJson()).oldestReadable())
        .isEqualTo(17);
    assertThatThrownBy(() -> manifest("a", 100L)).hasMessageContaining("horizon");
  }

  @Test
  void remembersWhatIsArchived() {
    var archived = manifest("a").withArchived(new TreeSet<>(Set.of("shard-b")));

    assertThat(GenerationManifest.fromJson(archived.toJson())).isEqualTo(archived);
    assertThat(archived.manifestId()).isNotEqualTo(manifest("a").manifestId());
    assertThat(archived.withArchived(new TreeSet<>()).manifestId())
        .isEqualTo(manifest("a").manifestId());
    assertThatThrownBy(() -> manifest("a").withArchived(new TreeSet<>(Set.of("shard-c"))))
        .hasMessageContaining("shard-c");
  }

  @Test
  void keepsWhatALaterVersionAdded() {
    var later = with(manifest("a"), "{\"forecast\":{\"rain\":[1,2]}}");

    var read = GenerationManifest.fromJson(later.toJson());

    assertThat(read.toJson()).isEqualTo(later.toJson()).contains("forecast");
    assertThat(read.manifestId())
        .isEqualTo(later.manifestId())
        .isNotEqualTo(manifest("a").manifestId());
  }

  @Test
  void saysInSixPartsWhatItHolds() {
    var json = JsonMapper.builder().build().readTree(manifest("a").toJson());

    assertThat(json.at("/range/last_commit_seq").longValue()).isEqualTo(99);
    assertThat(json.at("/embedder/revision").stringValue()).isEqualTo("r1");
    assertThat(json.at("/vectors/count").intValue()).isEqualTo(11);
    assertThat(json.at("/vectors/dimensions").intValue()).isEqualTo(384);
    assertThat(json.at("/lexical/analyzer_id").stringValue()).isEqualTo("standard");
    assertThat(json.at("/lexical/documents").intValue()).isEqualTo(7);
    assertThat(json.at("/repair/shards_covered").intValue()).isEqualTo(1);
    assertThat(json.at("/invariants/documents").intValue()).isEqualTo(7);
    assertThat(json.at("/invariants/superseded").intValue()).isEqualTo(2);
    assertThat(json.at("/invariants/live_documents").intValue()).isEqualTo(5);
    assertThat(json.at("/invariants/bytes").intValue()).isEqualTo(30);
    assertThat(json.at("/artifact_manifest_id").stringValue()).hasSize(52);
  }

  /** As anybody can, with nothing but a JSON library and SHA-256. */
  @Test
  void itsHashIsThatOfItsSortedJson() throws Exception {
    var mapper = JsonMapper.builder().enable(JsonNodeFeature.WRITE_PROPERTIES_SORTED).build();
    var tree = (ObjectNode) mapper.readTree(manifest("a").toJson());
    var id = tree.remove("artifact_manifest_id").stringValue();

    var canonical = mapper.writeValueAsString(tree).getBytes(StandardCharsets.UTF_8);

    assertThat(ContentHash.base32(MessageDigest.getInstance("SHA-256").digest(canonical)))
        .isEqualTo(id);
  }

  @Test
  void refusesAnAlteredManifest() {
    var json = manifest("a").toJson();

    assertThatThrownBy(
            () -> GenerationManifest.fromJson(json.replace("\"bytes\" : 10", "\"bytes\" : 11")))
        .isInstanceOf(InvalidManifestException.class)
        .hasMessageContaining("altered");
    assertThatThrownBy(() -> GenerationManifest.fromJson(json.substring(0, json.length() / 2)))
        .isInstanceOf(InvalidManifestException.class);
    assertThatThrownBy(() -> GenerationManifest.fromJson("[]"))
        .isInstanceOf(InvalidManifestException.class);
    assertThatThrownBy(() -> GenerationManifest.fromJson("{}"))
        .isInstanceOf(InvalidManifestException.class)
        .hasMessageContaining("format_version");
  }

  @Test
  void refusesEveryFlippedByteOrReadsTheSame() {
    var manifest = manifest("a");
    var json = manifest.toJson();
    var random = new Random(11);
    for (int i = 0; i < 500; i++) {
      var chars = json.toCharArray();
      int at = random.nextInt(chars.length);
      chars[at] ^= (char) (1 << random.nextInt(7));
      try {
        assertThat(GenerationManifest.fromJson(new String(chars))).isEqualTo(manifest);
      } catch (InvalidManifestException e) {
        assertThat(e.getMessage()).isNotBlank();
      }
    }
  }

  @Test
  void keepsNamesInsideTheirFolder() {
    for (var name : List.of("../x.db", "a/b.db", "", ".hidden", "a\\b")) {
      assertThatThrownBy(() -> new ShardDescriptor("s", name, "0".repeat(64), 1, 1, 1, 1, 1, null))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("plain file name");
    }
  }

  @Test
  void encodesAnyTombstones() {
    var random = new Random(5);
    for (int round = 0; round < 50; round++) {
      var versions = new TreeMap<Integer, Long>();
      for (int i = random.nextInt(2_000); i > 0; i--) {
        versions.put(
            random.nextInt(1 << random.nextInt(1, 31)),
            1 + (random.nextLong() >>> random.nextInt(1, 63)));
      }
      var tombstones = Tombstones.of(versions);

      var again = Tombstones.decode(tombstones.size(), tombstones.encode());

      assertThat(again).isEqualTo(tombstones);
      versions.forEach(
          (ordinal, commit) -> assertThat(again.supersededAt(ordinal)).isEqualTo(commit));
    }
  }

  @Test
  void refusesDamagedTombstones() {
    var encoded = Tombstones.of(Map.of(3, 9L, 700, 12L)).encode();

    assertThatThrownBy(() -> Tombstones.decode(1, encoded))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Tombstones.decode(3, encoded))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Tombstones.decode(1_000_000_000, encoded))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void holdsAHundredThousandTombstonesInHalfAMegabyte() {
    var random = new Random(3);
    var versions = new TreeMap<Integer, Long>();
    for (int i = 0; i < 100_000; i++) {
      versions.put(i * 2, 1_000_000L + random.nextInt(10_000));
    }

    assertThat(Tombstones.of(versions).encode().length()).isLessThan(500_000);
  }

  @Test
  void tellsWhichVersionsAreLiveAtACommit() {
    var tombstones = Tombstones.of(Map.of(1, 5L, 3, 8L));

    assertThat(tombstones.liveAt(5, 4).cardinality()).isEqualTo(5);
    assertThat(tombstones.liveAt(5, 5).contains(1)).isFalse();
    assertThat(tombstones.liveAt(5, 5).contains(3)).isTrue();
    assertThat(tombstones.liveAt(5, 8).cardinality()).isEqualTo(3);
    assertThat(tombstones.with(Map.of(1, 9L, 2, 9L)).supersededAt(1)).isEqualTo(5);
    assertThat(tombstones.with(Map.of(1, 9L, 2, 9L)).supersededAt(2)).isEqualTo(9);
    assertThat(tombstones.supersededAt(0)).isEqualTo(Tombstones.NEVER);
  }

  @Test
  void namesTheShardsItCarriesAlongUnread() {
    var plain = manifest("schema");
    var unread =
        new UnreadShards(new TreeSet<>(List.of("shard-a")), new TreeMap<>(Map.of("gone", 98L)));

    var carrying = GenerationManifest.fromJson(plain.withUnread(unread).toJson());

    assertThat(carrying.unread()).isEqualTo(unread);
    assertThat(carrying.manifestId()).isNotEqualTo(plain.manifestId());
    assertThat(plain.toJson()).doesNotContain("unread");
    assertThatThrownBy(
            () -> plain.withUnread(new UnreadShards(new TreeSet<>(List.of("x")), new TreeMap<>())))
        .hasMessageContaining("among the shards");
  }

  private static GenerationManifest with(GenerationManifest manifest, String additions) {
    return new GenerationManifest(
        manifest.number(),
        manifest.parent(),
        manifest.partition(),
        manifest.commits(),
        manifest.horizon(),
        manifest.embedder(),
        manifest.schemaHash(),
        manifest.analyzerId(),
        manifest.shards(),
        manifest.tombstones(),
        manifest.repairs(),
        manifest.archived(),
        manifest.unread(),
        manifest.createdAt(),
        additions);
  }

  private static GenerationManifest manifest(String schema) {
    return manifest(schema, 17L);
  }

  private static GenerationManifest manifest(String schema, @Nullable Long horizon) {
    return new GenerationManifest(
        4,
        "parentid",
        2,
        new CommitRange(1, 1, 99),
        horizon,
        new EmbedderIdentity("bge-small-en-v1.5-q", "r1", 384),
        schema,
        "standard",
        List.of(
            new ShardDescriptor("shard-a", "a.db", "0".repeat(64), 10, 3, 5, 1, 60, "c".repeat(64)),
            new ShardDescriptor("shard-b", "b.db", "1".repeat(64), 20, 4, 6, 61, 99, null)),
        Map.of("shard-a", Tombstones.of(Map.of(0, 70L, 2, 80L)), "shard-b", Tombstones.none()),
        List.of(new RepairDescriptor("shard-a", "copy", "a.repair", "2".repeat(64))),
        Instant.parse("2026-01-02T03:04:05.678Z"));
  }
}

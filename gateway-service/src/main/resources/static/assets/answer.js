// The panel beside the results: how this answer came about, and how to ask for it again.

import { copyButton, make, replace } from "./dom.js";
import { count, milliseconds, plural } from "./format.js";
import { searchAsCurl } from "./api.js";

const STEPS = [
  ["embed_ms", "Embed the question"],
  ["route_ms", "Choose shards"],
  ["search_ms", "Search"],
  ["merge_ms", "Merge and fuse"],
  ["fetch_ms", "Fetch hits"],
];

export function renderAnswer(panel, { answer, request, namespace, roundTrip }) {
  replace(
    panel,
    make(
      "details",
      { class: "answer-box", open: matchMedia("(min-width: 1040px)").matches },
      make(
        "summary",
        {},
        make("span", { class: "answer-title" }, "How this was answered"),
        make("span", { class: "took" }, milliseconds(answer.took_ms ?? roundTrip)),
      ),
      timings(answer, roundTrip),
      facts(answer),
      make(
        "div",
        { class: "answer-actions" },
        copyButton(() => searchAsCurl(namespace, request), "Copy as curl"),
      ),
    ),
  );
  panel.hidden = false;
}

function timings(answer, roundTrip) {
  const known = answer.timings ?? {};
  const named = STEPS.filter(([key]) => typeof known[key] === "number");
  const others = Object.entries(known)
    .filter(([key, value]) => typeof value === "number" && key.endsWith("_ms") && !STEPS.some(([step]) => step === key))
    .map(([key]) => [key, key.slice(0, -3).replaceAll("_", " ")]);
  const steps = [...named, ...others].map(([key, label], index) => ({ label, value: known[key], hue: `h${index % 6}` }));
  const sum = steps.reduce((total, { value }) => total + value, 0);
  const bar = make(
    "div",
    { class: "time-bar", "aria-hidden": "true" },
    steps.map(({ value, hue }) => {
      const piece = make("span", { class: hue });
      piece.style.flexGrow = String(Math.max(value / (sum || 1), 0.012));
      return piece;
    }),
  );
  return [
    steps.length > 0 && bar,
    make(
      "dl",
      { class: "times" },
      steps.map(({ label, value, hue }) =>
        make("div", {}, make("dt", {}, make("i", { class: `key ${hue}`, "aria-hidden": "true" }), label), make("dd", {}, milliseconds(value))),
      ),
      make("div", { class: "quiet" }, make("dt", {}, "Seen from this browser"), make("dd", {}, milliseconds(roundTrip))),
    ),
  ];
}

function facts({ coverage, snapshot, request_id: requestId }) {
  const rows = [
    ["Coverage", coverageInWords(coverage)],
    ["Read from", snapshotInWords(snapshot)],
    ["Embedder", snapshot?.embedder?.id],
    ["Request", requestId],
  ];
  return make(
    "dl",
    { class: "facts" },
    rows.filter(([, value]) => value).map(([label, value]) => make("div", {}, make("dt", {}, label), make("dd", {}, value))),
  );
}

function coverageInWords(coverage) {
  const shards = coverage?.shards;
  if (!shards) return coverage?.full ? "Everything was searched" : undefined;
  const ruledOut = shards.pruned > 0 ? `, ${count(shards.pruned)} ruled out beforehand` : "";
  return coverage.full
    ? `Complete: ${plural(shards.searched, "shard")} searched${ruledOut}`
    : `Incomplete: ${count(shards.searched)} of ${plural(shards.total, "shard")} searched${ruledOut}`;
}

function snapshotInWords(snapshot) {
  const partitions = Object.values(snapshot?.partitions ?? {});
  if (partitions.length === 0) return undefined;
  if (partitions.length > 1) return plural(partitions.length, "partition");
  const [{ generation, commit_seq: commit }] = partitions;
  return `generation ${count(generation)}, commit ${count(commit)}`;
}

/** What is missing from an answer, one plain sentence each; empty when nothing is. */
export function missingInWords({ coverage }, mode) {
  if (!coverage) return [];
  const shards = coverage.shards ?? {};
  const counted = shards.timed_out > 0 || shards.failed > 0 || shards.skipped > 0;
  const sentences = (coverage.degraded ?? [])
    .filter((reason) => !(counted && PARTS_MISSING.test(codeOf(reason))))
    .map((reason) => reasonInWords(reason, mode));
  if (shards.timed_out > 0) {
    sentences.push(`${plural(shards.timed_out, "shard")} of ${count(shards.total)} did not answer in time, so some documents may be missing.`);
  }
  if (shards.failed > 0) {
    sentences.push(`${plural(shards.failed, "shard")} of ${count(shards.total)} could not be read, so some documents may be missing.`);
  }
  if (shards.skipped > 0) {
    sentences.push(`${plural(shards.skipped, "shard")} of ${count(shards.total)} failed repeatedly and is left alone for a while, so some documents may be missing.`);
  }
  if (coverage.full === false && sentences.length === 0) sentences.push("Not all documents were searched, so some results may be missing.");
  return [...new Set(sentences)];
}

/** Reasons that the counts of shards tell better. */
const PARTS_MISSING = /^(worker|shard|partition|deadline)_/;

const codeOf = (reason) => (typeof reason === "string" ? reason : (reason.code ?? ""));

function reasonInWords(reason, mode) {
  const code = codeOf(reason);
  const said = typeof reason === "string" ? reason : (reason.detail ?? code);
  if (/embed|semantic|vector/i.test(code)) {
    return mode === "hybrid"
      ? "Ranking by meaning is missing, because the embedding service does not answer. These results are ranked by words only."
      : "Ranking by meaning is missing, because the embedding service does not answer.";
  }
  if (PARTS_MISSING.test(code)) return "A part of the index does not answer, so some documents may be missing.";
  return sentence(/\s/.test(said) ? said : said.replaceAll("_", " "));
}

const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? "" : ".");

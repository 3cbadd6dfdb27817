// The list of hits.

import { icon, make, replace } from "./dom.js";
import { attributeValue, breadcrumb, score, webAddress } from "./format.js";
import { documentAddress, openWithKey } from "./api.js";

const SNIPPET_LENGTH = 320;
const TAGS_SHOWN = 4;

/**
 * Draws hits into the list, after those already there when `from` is not 0.
 *
 * @param context {namespace, attributes, schema, onFilter(attribute, value)}
 */
export function renderHits(list, hits, from, context) {
  const scales = { text: scaleOf(hits, "text"), vector: scaleOf(hits, "vector") };
  const drawn = hits.slice(from).map((hit, index) => hitElement(hit, from + index, scales, context));
  if (from === 0) replace(list, drawn);
  else list.append(...drawn);
}

function hitElement(hit, index, scales, context) {
  const fields = hit.fields ?? {};
  const address = webAddress(fields.url);
  const titleHighlight = hit.highlights?.find(({ field }) => field === "title");
  const titleText = titleHighlight?.text || fields.title || hit.id;
  const href = address?.href ?? documentAddress(context.namespace, hit.id);
  const link = make(
    "a",
    { class: "hit-link", href, target: "_blank", rel: "noopener noreferrer", dir: "auto", "data-index": index, onclick: address ? null : openWithKey },
    marked(titleText, titleHighlight?.spans),
  );
  return make(
    "li",
    { class: "hit" },
    make(
      "article",
      { "aria-labelledby": `hit-${index}` },
      make(
        "div",
        { class: "hit-main" },
        make("p", { class: "source", dir: "ltr" }, address ? breadcrumb(address) : String(fields.url ?? hit.id)),
        make("h2", { id: `hit-${index}` }, link),
        snippet(hit),
        tags(fields, context),
      ),
      evidence(hit, scales),
      details(hit, fields, context),
    ),
  );
}

/** The best passage: its highlighted fragments, else its beginning. */
function snippet(hit) {
  const fragments = (hit.highlights ?? []).filter(({ field, text }) => field !== "title" && text);
  if (fragments.length > 0) {
    return make(
      "p",
      { class: "snippet", dir: "auto" },
      fragments.slice(0, 2).map(({ text, spans }, index) => [
        index > 0 && make("span", { class: "gap", "aria-hidden": "true" }, " … "),
        marked(text, spans),
      ]),
      /[.!?…。！？]\s*$/.test(fragments.at(Math.min(2, fragments.length) - 1).text) ? "" : make("span", { class: "gap", "aria-hidden": "true" }, " …"),
    );
  }
  const text = hit.passage?.text ?? hit.fields?.text;
  return text ? make("p", { class: "snippet", dir: "auto" }, shortened(text)) : null;
}

function shortened(text) {
  const flat = text.replace(/\s+/g, " ").trim();
  if (flat.length <= SNIPPET_LENGTH) return flat;
  const cut = flat.lastIndexOf(" ", SNIPPET_LENGTH);
  return `${flat.slice(0, cut > SNIPPET_LENGTH / 2 ? cut : SNIPPET_LENGTH)}…`;
}

/** Text with its spans (UTF-16 offsets, end exclusive) marked; spans that do not fit are left out. */
export function marked(text, spans = []) {
  const parts = [];
  let at = 0;
  for (const [start, end] of [...(spans ?? [])].sort((left, right) => left[0] - right[0])) {
    if (!(start >= at && end > start && end <= text.length)) continue;
    if (start > at) parts.push(text.slice(at, start));
    parts.push(make("mark", {}, text.slice(start, end)));
    at = end;
  }
  parts.push(text.slice(at));
  return parts;
}

function tags(fields, { attributes, onFilter }) {
  const shown = attributes
    .flatMap((attribute) => [fields[attribute.name] ?? fields.attributes?.[attribute.name] ?? []].flat().map((value) => ({ attribute, value })))
    .filter(({ value }) => value !== "" && value !== false && typeof value !== "object")
    .slice(0, TAGS_SHOWN);
  if (shown.length === 0) return null;
  return make(
    "ul",
    { class: "tags", "aria-label": "Attributes" },
    shown.map(({ attribute, value }) =>
      make(
        "li",
        {},
        make(
          "button",
          {
            type: "button",
            class: "tag",
            title: `Show only ${attribute.name} ${attributeValue(value)}`,
            onclick: () => onFilter(attribute, value),
          },
          make("span", { class: "tag-name" }, attribute.name),
          " ",
          attributeValue(value),
        ),
      ),
    ),
  );
}

/** How the hit earned its place: the fused score, and each leg with its rank and raw score. */
function evidence(hit, scales) {
  const scores = hit.scores ?? {};
  const authority = typeof scores.authority === "object" ? scores.authority?.raw : scores.authority;
  return make(
    "dl",
    { class: "evidence" },
    make("div", { class: "fused" }, make("dt", {}, "Score"), make("dd", {}, score(hit.score))),
    leg("words", "Words", scores.text, scales.text),
    leg("meaning", "Meaning", scores.vector, scales.vector),
    authority > 0 && make("div", { class: "leg" }, make("dt", {}, "Links"), make("dd", {}, score(authority))),
  );
}

function leg(name, label, part, scale) {
  if (!part) {
    return make(
      "div",
      { class: `leg ${name} absent`, title: `Not among the best by ${name}` },
      make("dt", {}, label),
      make("dd", {}, make("span", { class: "tiles", "aria-hidden": "true" }), make("span", { class: "rank" }, "–")),
    );
  }
  const tiles = make("span", { class: "tiles", "aria-hidden": "true" });
  tiles.style.setProperty("--filled", String(scale(part)));
  return make(
    "div",
    { class: `leg ${name}`, title: `${label}: rank ${part.rank}, raw score ${score(part.raw)}. The tiles compare it with the other results shown.` },
    make("dt", {}, label),
    make("dd", {}, tiles, make("span", { class: "rank" }, `#${part.rank}`), make("span", { class: "raw" }, score(part.raw))),
  );
}

/**
 * How many of eight tiles a leg's score fills, from 2 for the worst shown to 8 for the best. It goes
 * from the raw score at the worst rank to that at the best, so it reads the same for distances.
 */
function scaleOf(hits, name) {
  const parts = hits.map(({ scores }) => scores?.[name]).filter(Boolean);
  if (parts.length === 0) return () => 0;
  const best = parts.reduce((left, right) => (right.rank < left.rank ? right : left)).raw;
  const worst = parts.reduce((left, right) => (right.rank > left.rank ? right : left)).raw;
  return ({ raw }) => (best === worst ? 8 : Math.max(1, Math.min(8, Math.round(2 + (6 * (raw - worst)) / (best - worst)))));
}

function details(hit, fields, { namespace }) {
  const passage = hit.passage;
  const known = Object.entries({ ...fields, ...(fields.attributes ?? {}) }).filter(
    ([name, value]) => !["title", "text", "attributes"].includes(name) && value !== null && value !== "",
  );
  return make(
    "details",
    { class: "inspect" },
    make("summary", {}, icon("chevron"), passage ? "Passage and fields" : "Fields"),
    passage?.text &&
      make(
        "blockquote",
        { class: "passage", dir: "auto" },
        passage.text,
        Number.isInteger(passage.start) &&
          make("footer", {}, `Characters ${passage.start} to ${passage.end} of the text`),
      ),
    make(
      "dl",
      { class: "fields" },
      make("div", {}, make("dt", {}, "id"), make("dd", {}, hit.id)),
      known.map(([name, value]) =>
        make("div", {}, make("dt", {}, name), make("dd", { dir: "auto" }, typeof value === "object" ? JSON.stringify(value) : attributeValue(value))),
      ),
    ),
    make("a", { class: "link", href: documentAddress(namespace, hit.id), target: "_blank", rel: "noopener", onclick: openWithKey }, "Open the stored document", icon("external")),
  );
}

/** Placeholders in the shape of hits, for the first search only. */
export function renderSkeleton(list) {
  const bar = (width) => make("span", { class: `bone ${width}` });
  replace(
    list,
    Array.from({ length: 5 }, () =>
      make("li", { class: "hit skeleton", "aria-hidden": "true" }, bar("short"), bar("title"), bar("long"), bar("medium")),
    ),
  );
}

// Websites: the form that starts a crawl, and the strip that shows how far the last one is.

import * as api from "./api.js";
import { complaintOf, field } from "./add.js";
import { byId, make, replace } from "./dom.js";
import { count, plural } from "./format.js";

const ACTIVE = ["running", "finishing", "paused"];
const MOST_PAGES = [100, 1000, 10000, 100000];
const OUTCOMES_SHOWN = 8;

/**
 * The form.
 *
 * @param options {namespace: where pages go, or null when it is to be chosen, started(crawl), cancel}
 */
export function crawlForm({ namespace, started, cancel }) {
  const address = make("input", { name: "seed", type: "url", required: true, placeholder: "https://docs.example.org/", spellcheck: false });
  const name = make("input", { name: "crawl-namespace", required: true, maxLength: 64, autocomplete: "off", spellcheck: false, value: namespace ?? "" });
  let named = namespace !== null;
  name.addEventListener("input", () => (named = true));
  const below = make("input", { type: "checkbox", name: "below", checked: true });
  const belowText = make("span", {}, "");
  const belowRow = make("label", { class: "check", hidden: true }, below, belowText);
  address.addEventListener("input", () => {
    const url = parsed(address.value);
    if (!named) name.value = url ? namespaceOf(url) : "";
    const folder = url ? folderOf(url) : "/";
    belowRow.hidden = folder === "/";
    belowText.textContent = `Only pages below ${folder}`;
  });
  const pages = make(
    "select",
    { name: "pages" },
    MOST_PAGES.map((most) => make("option", { value: String(most), selected: most === 1000 }, `at most ${plural(most, "page")}`)),
  );
  const complaint = make("p", { class: "complaint", role: "alert", hidden: true });
  const submit = make("button", { type: "submit", class: "button primary" }, "Crawl");
  const send = async () => {
    const url = parsed(address.value);
    if (!url) return complain("Give an address that starts with http:// or https://.");
    const folder = folderOf(url);
    complaint.hidden = true;
    submit.disabled = true;
    try {
      started(
        await api.startCrawl({
          namespace: name.value.trim(),
          seeds: [url.href],
          limits: { pages: Number(pages.value) },
          ...(folder !== "/" && below.checked && { scope: { paths: [folder] } }),
        }),
      );
    } catch (problem) {
      complain(complaintOf(problem));
    } finally {
      submit.disabled = false;
    }
  };
  const complain = (text) => {
    complaint.textContent = text;
    complaint.hidden = false;
  };
  return make(
    "form",
    {
      class: "add-form",
      onsubmit: (event) => {
        event.preventDefault();
        send();
      },
    },
    field("Address", address),
    belowRow,
    make("div", { class: "pair" }, field("Into namespace", name), field("How far", pages)),
    complaint,
    make("div", { class: "panel-actions" }, cancel && make("button", { type: "button", class: "button ghost", onclick: cancel }, "Cancel"), submit),
    make("p", { class: "hint" }, "It keeps to the site's robots.txt and asks one page a second."),
  );
}

function parsed(text) {
  try {
    const url = new URL(text.trim());
    return url.protocol === "http:" || url.protocol === "https:" ? url : null;
  } catch {
    return null;
  }
}

const folderOf = (url) => url.pathname.slice(0, url.pathname.lastIndexOf("/") + 1);

const namespaceOf = (url) =>
  url.hostname
    .replace(/^www\./, "")
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, "-")
    .replace(/^[^a-z0-9]+/, "")
    .slice(0, 64);

// The strip

let dismissed = null;
let open = false;

/** The crawl to show: one that runs, else the one that ended last while this page was open. */
export function pick(crawls, shown) {
  const active = crawls.find(({ state }) => ACTIVE.includes(state));
  return active ?? crawls.find(({ id }) => id === shown) ?? null;
}

export const isActive = (crawl) => ACTIVE.includes(crawl?.state) && crawl.state !== "paused";

/** Draws how far a crawl is; `changed(crawl)` is called when it was told to pause, go on or stop. */
export function renderCrawl(strip, crawl, { current, changed, show }) {
  strip.hidden = crawl === null || crawl.id === dismissed;
  if (strip.hidden) return;
  const { urls = {}, progress = {}, outcomes = {} } = crawl;
  const done = (urls.done ?? 0) + (urls.failed ?? 0) + (urls.skipped ?? 0);
  const ahead = (urls.queued ?? 0) + (urls.fetching ?? 0);
  const bar = make("span", { class: "crawl-bar", "aria-hidden": "true" }, make("i"));
  bar.style.setProperty("--done", String(shareDone(crawl, done, ahead)));
  const told = (action) => async () => changed(await api.tellCrawl(crawl.id, action).catch(() => crawl));
  const button = (label, action) => make("button", { type: "button", class: "button small", onclick: told(action) }, label);
  const details = make(
    "details",
    { class: "crawl-details", open, ontoggle: (event) => (open = event.currentTarget.open) },
    make("summary", {}, "What became of its pages"),
    outcomeList(crawl.id, outcomes),
  );
  replace(
    strip,
    make(
      "div",
      { class: "crawl-head" },
      make("p", {}, make("b", {}, title(crawl)), " ", make("span", { class: "crawl-facts" }, facts(crawl, ahead, progress))),
      make(
        "div",
        { class: "crawl-actions" },
        crawl.state === "running" && button("Pause", "pause"),
        crawl.state === "paused" && button("Go on", "resume"),
        ACTIVE.includes(crawl.state) && button("Stop", "cancel"),
        crawl.namespace !== current &&
          (crawl.indexing?.written > 0 || !ACTIVE.includes(crawl.state)) &&
          make("button", { type: "button", class: "button small", onclick: () => show(crawl.namespace) }, `Search ${crawl.namespace}`),
        !ACTIVE.includes(crawl.state) &&
          make("button", { type: "button", class: "button small ghost", onclick: () => ((dismissed = crawl.id), (strip.hidden = true)) }, "Dismiss"),
      ),
    ),
    ACTIVE.includes(crawl.state) && bar,
    crawl.reason && make("p", { class: "crawl-reason" }, REASONS[crawl.reason] ?? `${crawl.reason.replaceAll("_", " ")}.`),
    crawl.indexing?.waiting_since && make("p", { class: "crawl-reason" }, `The index does not take documents at the moment: ${crawl.indexing.reason ?? "no answer"}. Nothing is lost; it goes on by itself.`),
    Object.keys(outcomes).length > 0 && details,
  );
}

/** Of the addresses known so far; once nothing more is fetched, of the pages that the index waits for. */
function shareDone({ state, progress = {}, indexing = {} }, done, ahead) {
  if (state === "finishing") return progress.pages > 0 ? Math.max(0, 1 - (indexing.pending ?? 0) / progress.pages) : 1;
  return done + ahead > 0 ? done / (done + ahead) : 0;
}

const REASONS = {
  pages_budget: "It fetched as many pages as it may.",
  bytes_budget: "It fetched as many bytes as it may.",
  duration_budget: "It took as long as it may.",
};

const WORDS = { running: "Crawling", finishing: "Indexing", paused: "Paused", waiting: "Crawled", succeeded: "Crawled", canceled: "Stopped" };

const title = ({ state, seeds = [] }) => `${WORDS[state] ?? state} ${seeds.length > 0 ? (parsed(seeds[0])?.host ?? seeds[0]) : ""}`;

function facts({ state, urls = {}, indexing = {} }, ahead, { pages = 0, pages_per_second: rate = 0 }) {
  return [
    `${plural(pages, "page")} fetched`,
    (state === "running" || state === "paused") && ahead > 0 && `${count(ahead)} to go`,
    state === "running" && rate > 0 && `${rate >= 10 ? Math.round(rate) : rate.toFixed(1)} a second`,
    urls.failed > 0 && `${count(urls.failed)} failed`,
    indexing.pending > 0 && `${count(indexing.pending)} to index`,
  ]
    .filter(Boolean)
    .join(" · ");
}

function outcomeList(id, outcomes) {
  const listed = Object.entries(outcomes)
    .filter(([reason]) => reason !== "queued" && reason !== "fetching")
    .sort(([, left], [, right]) => right - left)
    .slice(0, OUTCOMES_SHOWN);
  return [
    make(
      "dl",
      { class: "outcomes" },
      listed.map(([reason, urls]) => make("div", {}, make("dt", {}, reason.replaceAll("_", " ")), make("dd", {}, count(urls)))),
    ),
    make("a", { class: "link", href: `v1/crawls/${encodeURIComponent(id)}/urls`, target: "_blank", rel: "noopener", onclick: api.openWithKey }, "Every address with its outcome"),
  ];
}

/** The strip's element. */
export const strip = () => byId("crawl");

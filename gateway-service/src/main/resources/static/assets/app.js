// The search page: its state, which lives in the address, and what changes it.

import * as api from "./api.js";
import { openAddDialog } from "./add.js";
import { missingInWords, renderAnswer } from "./answer.js";
import { accept, forget, suggest } from "./completion.js";
import { isActive, pick, renderCrawl, strip } from "./crawl.js";
import { byId, icon, make, replace } from "./dom.js";
import { facetsOf, renderFacets } from "./facets.js";
import { filterable, fromAddress, hasValue, openFilterPanel, renderChips, toAddress, toRequest, withFilter, withoutValue } from "./filters.js";
import { count, milliseconds, plural, total } from "./format.js";
import { renderHits, renderSkeleton } from "./results.js";
import { showEmpty, showIdle, showLocked, showNoResults, showProblem } from "./states.js";

const TYPING_PAUSE = 140;
const SKELETON_AFTER = 120;
const REFRESH_EVERY = 5000;
const CRAWL_EVERY = 1000;
const PAGE = 10;
const MOST_BY_LIMIT = 100;
const MODES = ["hybrid", "semantic", "keyword"];

const page = {
  namespaces: [],
  namespace: null,
  description: null,
  attributes: [],
  question: "",
  mode: "hybrid",
  filters: [],
  hits: [],
  answer: null,
  request: null,
  exhausted: false,
};
const input = byId("q");
let searching = new AbortController();
let typing;
let started = false;

// Start

async function start() {
  readAddress();
  try {
    page.namespaces = await api.listNamespaces();
    await chooseNamespace(page.namespace);
    started = true;
    followCrawl();
  } catch (problem) {
    fail(problem, start);
  }
}

async function chooseNamespace(wanted) {
  const names = page.namespaces.map(({ namespace }) => namespace);
  if (names.length === 0) {
    page.namespace = null;
    page.description = null;
    showNamespaces();
    return enterEmpty();
  }
  const busiest = [...page.namespaces].sort((left, right) => (right.documents ?? 0) - (left.documents ?? 0))[0].namespace;
  page.namespace = names.includes(wanted) ? wanted : busiest;
  page.description = await api.describeNamespace(page.namespace);
  page.attributes = filterable(page.description.schema);
  page.filters = pendingFilters.map((text) => fromAddress(text, page.attributes)).filter(Boolean);
  showNamespaces();
  showControls();
  if (page.question !== "") return runSearch();
  return (page.description.documents ?? 0) === 0 ? enterEmpty() : enterIdle();
}

function showNamespaces() {
  const names = page.namespaces.map(({ namespace }) => namespace);
  byId("picker").hidden = names.length === 0;
  byId("open-add").hidden = names.length === 0;
  replace(
    byId("namespace"),
    page.namespaces.map(({ namespace, documents }) =>
      make("option", { value: namespace, selected: namespace === page.namespace }, documents === undefined ? namespace : `${namespace} · ${count(documents)}`),
    ),
  );
}

// The address

let pendingFilters = [];

function readAddress() {
  const parameters = new URLSearchParams(location.search);
  page.namespace = parameters.get("ns");
  page.question = parameters.get("q") ?? "";
  page.mode = MODES.includes(parameters.get("mode")) ? parameters.get("mode") : "hybrid";
  pendingFilters = parameters.getAll("f");
}

function writeAddress(step) {
  const parameters = new URLSearchParams();
  if (page.namespace) parameters.set("ns", page.namespace);
  if (page.question) parameters.set("q", page.question);
  if (page.mode !== "hybrid") parameters.set("mode", page.mode);
  for (const filter of page.filters) parameters.append("f", toAddress(filter));
  pendingFilters = parameters.getAll("f");
  const address = parameters.size > 0 ? `?${parameters}` : location.pathname;
  if (address === location.search) return;
  history[step ? "pushState" : "replaceState"](null, "", address);
}

// Views

function enter(view) {
  document.body.dataset.view = view;
  const searchable = view !== "empty" && page.namespace !== null;
  byId("finder").hidden = !searchable;
  byId("results").setAttribute("aria-busy", "false");
  byId("spinner").classList.remove("on");
  if (view !== "results") {
    replace(byId("hits"));
    byId("more").hidden = true;
    byId("answer").hidden = true;
    byId("summary").textContent = "";
  }
  if (view !== "results" && view !== "nothing") {
    byId("banner").hidden = true;
    byId("facets").hidden = true;
    replace(byId("meant"));
  }
  if (view === "results") replace(byId("state"));
  byId("headline").textContent = page.namespace ? `Search ${page.namespace}` : "MosaicDB";
  document.title = page.question && searchable ? `${page.question} · ${page.namespace} · MosaicDB` : page.namespace ? `${page.namespace} · MosaicDB` : "MosaicDB";
}

function enterEmpty() {
  enter("empty");
  byId("headline").textContent = page.namespace ? `${page.namespace} is empty` : "Nothing to search yet";
  byId("subline").textContent = "Add a website or a first document, and find it by its words and by its meaning.";
  showEmpty(byId("state"), { namespace: page.namespace, added: documentAdded, crawling });
}

function enterIdle() {
  enter("idle");
  page.hits = [];
  page.answer = null;
  byId("subline").textContent = `${plural(page.description.documents ?? 0, "document")}, by words and by meaning`;
  const recent = recentSearches.of(page.namespace);
  showIdle(byId("state"), {
    description: page.description,
    recent,
    ask: (question) => {
      ask(question);
      input.focus();
    },
    forget: () => {
      recentSearches.forget(page.namespace);
      enterIdle();
    },
  });
  if (matchMedia("(hover: hover)").matches && !document.querySelector("dialog[open]")) input.focus({ preventScroll: true });
}

function fail(problem, retry) {
  if (problem.name === "AbortError") return;
  if (!(problem instanceof api.Problem)) {
    console.error(problem);
    problem = new api.Problem({ code: "page_failure", title: "This page failed to show the answer", detail: problem.message });
  }
  if (problem.status === 401) return lock();
  enter("problem");
  const wordsMayHelp = page.mode === "semantic" && problem.status === 503 && page.question !== "";
  showProblem(byId("state"), problem, { retry, byWords: wordsMayHelp ? () => changeMode("keyword") : null });
}

let keyTried = false;

function lock() {
  enter("locked");
  byId("finder").hidden = true;
  showLocked(byId("state"), {
    tried: keyTried,
    unlock: (key) => {
      keyTried = true;
      api.useKey(key);
      start();
    },
  });
}

function showControls() {
  if (document.activeElement !== input || input.value.trim() !== page.question) input.value = page.question;
  byId("clear").hidden = input.value === "";
  document.querySelector(`input[name="mode"][value="${page.mode}"]`).checked = true;
  byId("open-filter").hidden = page.attributes.length === 0;
  renderChips(byId("chips"), page.filters, (filter) => changeFilters(filter === null ? [] : page.filters.filter((other) => other !== filter)));
}

// Searching

/** While a word is being typed it may go on; a question that was sent off means its words. */
function requestOf(typing) {
  const schema = page.description?.schema ?? {};
  const textFields = Object.keys(schema.fields ?? { title: {}, text: {} });
  const body = {
    q: page.question,
    mode: page.mode,
    limit: PAGE,
    fields: [...(textFields.includes("title") ? ["title"] : []), "url", ...Object.keys(schema.attributes ?? {})],
    highlight: { fields: textFields, fragments: 2 },
  };
  const filter = toRequest(page.filters);
  if (filter) body.filter = filter;
  if (typing && /[\p{L}\p{N}]{2,}$/u.test(page.question)) body.words = { prefix: true };
  return body;
}

async function runSearch({ step = false, typing: byTyping = false } = {}) {
  clearTimeout(typing);
  searching.abort();
  searching = new AbortController();
  const { signal } = searching;
  writeAddress(step);
  if (page.question === "") return (page.description?.documents ?? 0) === 0 ? enterEmpty() : enterIdle();
  const request = requestOf(byTyping);
  const skeleton = setTimeout(() => {
    if (document.body.dataset.view !== "results") {
      enter("results");
      renderSkeleton(byId("hits"));
    }
    byId("results").setAttribute("aria-busy", "true");
    byId("spinner").classList.add("on");
  }, SKELETON_AFTER);
  const began = performance.now();
  try {
    const answer = await api.search(page.namespace, request, signal);
    showAnswer(answer, request, performance.now() - began);
    showFacets(request, signal);
    recentSearches.soon(page.namespace, page.question);
  } catch (problem) {
    if (!signal.aborted) fail(problem, () => runSearch());
  } finally {
    clearTimeout(skeleton);
  }
}

function showAnswer(answer, request, roundTrip) {
  page.answer = answer;
  page.request = request;
  page.exhausted = false;
  page.hits = answer.hits ?? [];
  const { value = page.hits.length, relation } = answer.total ?? {};
  const missing = missingInWords(answer, page.mode);
  showBanner(missing);
  if (page.hits.length === 0) {
    enter("nothing");
    byId("summary").textContent = "";
    showNoResults(byId("state"), {
      question: page.question,
      mode: page.mode,
      filters: page.filters,
      complete: missing.length === 0,
      clearFilters: () => changeFilters([]),
      useMode: changeMode,
    });
  } else {
    enter("results");
    replace(byId("summary"), make("b", {}, total(value, relation)), ` in ${milliseconds(answer.took_ms ?? roundTrip)}`);
    renderHits(byId("hits"), page.hits, 0, hitContext());
    byId("more").hidden = !hasMore();
  }
  showMeant(answer.did_you_mean);
  renderAnswer(byId("answer"), { answer, request, namespace: page.namespace, roundTrip });
}

function showMeant(text) {
  replace(byId("meant"), text && ["Did you mean ", make("button", { type: "button", class: "link", dir: "auto", onclick: () => ask(text) }, text), "?"]);
}

function ask(question) {
  page.question = question;
  input.value = question;
  showControls();
  runSearch({ step: true });
}

/**
 * Counted by requests of their own, so that the hits do not wait for them. An attribute that is
 * narrowed down already is counted as if it were not: its other values can then be added.
 */
async function showFacets({ q, words }, signal) {
  const facets = facetsOf(page.attributes);
  if (facets.length === 0) return;
  const asked = page.mode === "semantic" ? {} : { q, words };
  const narrowed = new Set(page.filters.map(({ field }) => field));
  const countsOf = async (wanted, filters) =>
    wanted.length === 0 ? {} : (await api.countFacets(page.namespace, { ...asked, filter: toRequest(filters), facets: wanted }, signal)).facets;
  try {
    const counted = await Promise.all([
      countsOf(facets.filter(({ field }) => !narrowed.has(field)), page.filters),
      ...facets
        .filter(({ field }) => narrowed.has(field))
        .map((facet) => countsOf([facet], page.filters.filter(({ field }) => field !== facet.field))),
    ]);
    if (signal.aborted || !["results", "nothing"].includes(document.body.dataset.view)) return;
    renderFacets(byId("facets"), Object.assign({}, ...counted), {
      attributes: page.attributes,
      filters: page.filters,
      choose: (attribute, value) =>
        changeFilters(
          page.filters.some(({ field, values }) => field === attribute.name && values.includes(value))
            ? withoutValue(page.filters, attribute, value)
            : withFilter(page.filters, hasValue(attribute, value)),
        ),
    });
  } catch (problem) {
    if (!signal.aborted) byId("facets").hidden = true;
    if (!(problem instanceof api.Problem) && problem.name !== "AbortError") throw problem;
  }
}

const hitContext = () => ({
  namespace: page.namespace,
  attributes: page.attributes,
  onFilter: (attribute, value) => changeFilters(withFilter(page.filters, hasValue(attribute, value))),
});

/** With a cursor the next page continues this very list; where there never was one, a longer list is asked for. */
function hasMore() {
  if (page.answer.next_cursor) return true;
  if (page.exhausted || page.hits.length >= MOST_BY_LIMIT) return false;
  const { value = 0, relation } = page.answer.total ?? {};
  return relation === "gte" || value > page.hits.length;
}

async function loadMore() {
  const button = byId("load-more");
  const from = page.hits.length;
  const { next_cursor: cursor } = page.answer;
  const request = cursor ? { ...page.request, cursor } : { ...page.request, limit: Math.min(from + PAGE, MOST_BY_LIMIT) };
  const { signal } = searching;
  button.disabled = true;
  button.textContent = "Loading…";
  try {
    const answer = await api.search(page.namespace, request, signal);
    page.hits = cursor ? [...page.hits, ...(answer.hits ?? [])] : (answer.hits ?? []);
    page.answer = { ...page.answer, next_cursor: answer.next_cursor, total: answer.total ?? page.answer.total };
    page.exhausted = Boolean(cursor) || page.hits.length <= from;
    showBanner(missingInWords(answer, page.mode));
    renderHits(byId("hits"), page.hits, cursor ? from : 0, hitContext());
    links()[from]?.focus();
    byId("more").hidden = !hasMore();
  } catch (problem) {
    if (signal.aborted) return;
    if (problem.status === 410) {
      toast("This list has expired; here it is anew.");
      runSearch();
    } else {
      toast([problem.title, problem.requestId && `request ${problem.requestId}`].filter(Boolean).join(" · "));
    }
  } finally {
    button.disabled = false;
    button.textContent = "Show more results";
  }
}

function showBanner(sentences) {
  const banner = byId("banner");
  banner.hidden = sentences.length === 0;
  replace(
    banner,
    icon("warning"),
    make("div", {}, sentences.map((sentence) => make("p", {}, sentence))),
    make("button", { type: "button", class: "button small", onclick: () => runSearch() }, "Search again"),
  );
}

// Changes

function changeFilters(filters) {
  page.filters = filters;
  showControls();
  if (page.question === "") writeAddress(true);
  else runSearch({ step: true });
}

function changeMode(mode) {
  page.mode = mode;
  showControls();
  if (page.question === "") writeAddress(true);
  else runSearch({ step: true });
}

async function documentAdded(namespace, document) {
  toast("Added. It can be found now.");
  page.question = document.title;
  page.filters = [];
  pendingFilters = [];
  try {
    page.namespaces = await api.listNamespaces();
    await chooseNamespace(namespace);
  } catch (problem) {
    fail(problem, start);
  }
}

input.addEventListener("input", () => {
  byId("clear").hidden = input.value === "";
  clearTimeout(typing);
  forget();
  typing = setTimeout(() => {
    const question = input.value.trim();
    if (question === page.question) return;
    page.question = question;
    suggest(page.namespace);
    runSearch({ typing: true });
  }, TYPING_PAUSE);
});

byId("search-form").addEventListener("submit", (event) => {
  event.preventDefault();
  forget();
  page.question = input.value.trim();
  if (page.question !== "") runSearch({ step: true });
});

byId("clear").addEventListener("click", () => {
  input.value = "";
  page.question = "";
  showControls();
  runSearch({ step: true });
  input.focus();
});

byId("modes").addEventListener("change", (event) => changeMode(event.target.value));

byId("open-filter").addEventListener("click", () =>
  openFilterPanel(page.attributes, { seen: seenValues, apply: (filter) => changeFilters(withFilter(page.filters, filter)) }),
);

input.addEventListener("blur", forget);

byId("filter-panel").addEventListener("toggle", (event) => byId("open-filter").setAttribute("aria-expanded", String(event.newState === "open")));

byId("load-more").addEventListener("click", loadMore);

byId("namespace").addEventListener("change", async (event) => {
  page.filters = [];
  pendingFilters = [];
  try {
    await chooseNamespace(event.target.value);
    writeAddress(true);
  } catch (problem) {
    fail(problem, start);
  }
});

byId("open-add").addEventListener("click", () => openAddDialog({ namespace: page.namespace, added: documentAdded, crawling }));

byId("theme").addEventListener("click", () => {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  store.write("mosaic.theme", root.dataset.theme);
});

addEventListener("popstate", async () => {
  readAddress();
  searching.abort();
  try {
    await chooseNamespace(page.namespace);
  } catch (problem) {
    fail(problem, start);
  }
});

/** Values of an attribute met in the hits, most frequent first. */
function seenValues(name) {
  const times = new Map();
  for (const hit of page.hits) {
    for (const value of [hit.fields?.[name] ?? hit.fields?.attributes?.[name] ?? []].flat()) times.set(value, (times.get(value) ?? 0) + 1);
  }
  return [...times.keys()].sort((left, right) => times.get(right) - times.get(left)).slice(0, 20);
}

// Keys

const links = () => [...document.querySelectorAll("#hits .hit-link")];

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (document.querySelector("dialog[open], [popover]:popover-open")) return;
  const target = event.target;
  const inField = target.matches("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !(inField && target.type !== "radio")) {
    event.preventDefault();
    input.focus();
    input.select();
  } else if (event.key === "ArrowRight" && target === input && accept()) {
    event.preventDefault();
    input.dispatchEvent(new Event("input"));
  } else if (event.key === "ArrowDown" && (target === input || target.matches(".hit-link, body, #results"))) {
    moveTo(event, links().indexOf(target) + 1);
  } else if (event.key === "ArrowUp" && target.matches(".hit-link")) {
    moveTo(event, links().indexOf(target) - 1);
  } else if (event.key === "Escape") {
    if (target === input && input.value !== "") {
      event.preventDefault();
      byId("clear").click();
    } else if (target.closest("#results")) {
      input.focus();
    }
  }
});

function moveTo(event, index) {
  const all = links();
  if (all.length === 0) return;
  event.preventDefault();
  if (index < 0) {
    input.focus();
    scrollTo({ top: 0 });
  } else if (index < all.length) {
    all[index].focus({ preventScroll: true });
    all[index].closest(".hit").scrollIntoView({ block: "nearest" });
  } else if (!byId("more").hidden) {
    byId("load-more").focus();
  }
}

// Health, and counts that grow while documents are being added

const HEALTH_WORDS = { ok: "Ready", degraded: "Degraded", down: "Down", unreachable: "No answer" };

async function refresh() {
  if (document.hidden) return;
  const status = await showHealth();
  if (status === "unreachable") return;
  if (started) await Promise.all([refreshCounts().catch(() => {}), followCrawl()]);
  else if (document.body.dataset.view === "problem") await start();
}

async function showHealth() {
  const status = await api.health().then(
    (answer) => answer.status ?? "unknown",
    () => "unreachable",
  );
  const badge = byId("health");
  const was = badge.dataset.status;
  badge.dataset.status = status;
  if (was !== status) byId("health-text").textContent = HEALTH_WORDS[status] ?? status;
  return status;
}

async function refreshCounts() {
  const view = document.body.dataset.view;
  if (view === "problem" || view === "locked" || document.querySelector(".add-form :focus")) return;
  const before = JSON.stringify(page.namespaces);
  const namespaces = await api.listNamespaces();
  if (JSON.stringify(namespaces) === before) return;
  page.namespaces = namespaces;
  if (page.namespace === null) return chooseNamespace(null);
  if (document.activeElement !== byId("namespace")) showNamespaces();
  const description = await api.describeNamespace(page.namespace);
  page.description = description;
  page.attributes = filterable(description.schema);
  byId("open-filter").hidden = page.attributes.length === 0;
  const current = document.body.dataset.view;
  if ((current === "idle" || current === "empty") && page.question === "" && description.documents > 0) enterIdle();
}

setInterval(refresh, REFRESH_EVERY);
document.addEventListener("visibilitychange", refresh);

// Crawls

let shownCrawl = null;
let crawlTimer;

function crawling(crawl) {
  shownCrawl = crawl.id;
  toast("The crawl has begun. Its pages can be searched as they arrive.");
  followCrawl();
}

async function followCrawl() {
  clearTimeout(crawlTimer);
  const crawls = await api.listCrawls().catch(() => null);
  if (crawls === null) return;
  const crawl = pick(crawls, shownCrawl);
  shownCrawl = crawl?.id ?? null;
  renderCrawl(strip(), crawl, { current: page.namespace, changed: followCrawl, show: showNamespace });
  if (isActive(crawl) && !document.hidden) {
    crawlTimer = setTimeout(followCrawl, CRAWL_EVERY);
    if (page.namespace === null) await refreshCounts().catch(() => {});
  }
}

async function showNamespace(name) {
  page.question = "";
  page.filters = [];
  pendingFilters = [];
  try {
    page.namespaces = await api.listNamespaces();
    await chooseNamespace(name);
    writeAddress(true);
  } catch (problem) {
    fail(problem, start);
  }
}

// Small things

function toast(text) {
  const element = byId("toast");
  element.textContent = text;
  element.hidden = false;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => (element.hidden = true), 4000);
}

const store = {
  read(key) {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  },
  write(key, value) {
    try {
      localStorage.setItem(key, value);
    } catch {
      // Storage is off: nothing is remembered.
    }
  },
};

/** The last questions per namespace, kept in this browser only; one that is being typed does not count. */
const recentSearches = {
  timer: undefined,
  key: (namespace) => `mosaic.recent.${namespace}`,
  of(namespace) {
    try {
      const kept = JSON.parse(store.read(this.key(namespace)) ?? "[]");
      return Array.isArray(kept) ? kept.filter((question) => typeof question === "string") : [];
    } catch {
      return [];
    }
  },
  soon(namespace, question) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (question.length < 3) return;
      const others = this.of(namespace).filter((other) => other !== question);
      store.write(this.key(namespace), JSON.stringify([question, ...others].slice(0, 6)));
    }, 1800);
  },
  forget(namespace) {
    store.write(this.key(namespace), "[]");
  },
};

start();
showHealth();

// What the page shows when there are no hits to show.

import { copyButton, icon, make, replace } from "./dom.js";
import { addAsCurl } from "./api.js";
import { addForm } from "./add.js";
import { crawlForm } from "./crawl.js";
import { bytes, count } from "./format.js";

/** Nothing is indexed yet: a website, or the first document from a terminal or from here. */
export function showEmpty(panel, { namespace, added, crawling }) {
  const command = addAsCurl(namespace ?? "docs");
  replace(
    panel,
    make(
      "div",
      { class: "start" },
      make(
        "section",
        { class: "card" },
        make("h2", {}, "A website"),
        make("p", {}, "Point MosaicDB at it, and search its pages while they arrive."),
        crawlForm({ namespace, started: crawling }),
      ),
      make(
        "section",
        { class: "card" },
        make("h2", {}, "From a terminal"),
        make("p", {}, "Push a document as JSON. It can be found as soon as the answer arrives."),
        make("div", { class: "code" }, make("pre", { tabIndex: 0 }, make("code", {}, command)), copyButton(() => command)),
        make("p", { class: "hint" }, "Many documents go faster as NDJSON, one a line, to ", make("code", {}, "…/bulk"), "."),
      ),
      make("section", { class: "card" }, make("h2", {}, "A document"), addForm({ namespace, added })),
    ),
  );
}

/** Documents, but no question yet. */
export function showIdle(panel, { description, recent, ask, forget }) {
  const facts = [
    ["Documents", description.documents],
    ["Passages", description.passages],
    ["Attributes", Object.keys(description.schema?.attributes ?? {}).length || undefined],
    ["On disk", typeof description.bytes_on_disk === "number" ? bytes(description.bytes_on_disk) : undefined],
  ].filter(([, value]) => value !== undefined);
  replace(
    panel,
    make(
      "div",
      { class: "idle" },
      recent.length > 0 &&
        make(
          "section",
          { class: "recent" },
          make("h2", {}, "Recent searches", make("button", { type: "button", class: "link", onclick: forget }, "Forget")),
          make(
            "ul",
            {},
            recent.map((question) =>
              make("li", {}, make("button", { type: "button", class: "tag big", dir: "auto", onclick: () => ask(question) }, question)),
            ),
          ),
        ),
      make(
        "dl",
        { class: "stats" },
        facts.map(([label, value]) => make("div", {}, make("dt", {}, label), make("dd", {}, typeof value === "number" ? count(value) : value))),
      ),
      make(
        "ul",
        { class: "ways" },
        way("both", "Hybrid", "Ranks by words and by meaning and fuses both lists. The best start."),
        way("meaning", "Semantic", "Finds what says the same in other words. Ask a question as you would a person."),
        way("words", "Keyword", "Finds the very words: names, codes, error messages."),
      ),
      description.embedder?.id &&
        make("p", { class: "hint centred" }, "Meaning is read by ", make("code", {}, description.embedder.id), description.embedder.dimensions ? `, ${description.embedder.dimensions} dimensions` : "", "."),
    ),
  );
}

function way(swatch, name, text) {
  return make("li", {}, make("i", { class: `swatch ${swatch}`, "aria-hidden": "true" }), make("div", {}, make("b", {}, name), make("span", {}, text)));
}

export function showNoResults(panel, { question, mode, filters, complete, clearFilters, useMode }) {
  const advice = [
    filters.length > 0 && make("button", { type: "button", class: "button", onclick: clearFilters }, "Search without filters"),
    mode === "keyword" && make("button", { type: "button", class: "button", onclick: () => useMode("hybrid") }, "Search by meaning too"),
  ].filter(Boolean);
  replace(
    panel,
    make(
      "div",
      { class: "nothing" },
      emptyTiles(),
      make("h2", { dir: "auto" }, "Nothing found for “", question, "”"),
      make(
        "p",
        {},
        filters.length > 0
          ? "No document passes the filters and matches the question."
          : mode === "keyword"
            ? "No document has these words. Try fewer or other words, or search by meaning."
            : "No document matches. Try other words.",
        complete ? "" : " Not everything was searched, see above.",
      ),
      advice.length > 0 && make("div", { class: "actions" }, advice),
    ),
  );
}

/** The server wants an API key. */
export function showLocked(panel, { tried, unlock }) {
  const key = make("input", { type: "password", name: "key", required: true, autocomplete: "off" });
  replace(
    panel,
    make(
      "section",
      { class: "card locked" },
      make("h2", {}, "This server asks for an API key"),
      make("p", {}, "It is kept in this tab only and sent with every request."),
      make(
        "form",
        {
          class: "add-form",
          onsubmit: (event) => {
            event.preventDefault();
            unlock(key.value.trim());
          },
        },
        make("label", { class: "field" }, make("span", { class: "field-name" }, "API key"), key),
        tried && make("p", { class: "complaint", role: "alert" }, "The server does not know this key."),
        make("div", { class: "panel-actions" }, make("button", { type: "submit", class: "button primary" }, "Continue")),
      ),
    ),
  );
  key.focus();
}

/** A problem as the server told it, with what to quote when asking for help. */
export function showProblem(panel, problem, { retry, byWords }) {
  replace(
    panel,
    make(
      "div",
      { class: "problem", role: "alert" },
      make("h2", {}, icon("warning"), problem.title),
      problem.detail && make("p", {}, problem.detail),
      problem.errors?.length > 0 &&
        make(
          "ul",
          { class: "faults" },
          problem.errors.map(({ pointer, message }) => make("li", {}, make("code", {}, pointer || "/"), " ", message)),
        ),
      make(
        "dl",
        { class: "facts inline" },
        problem.status > 0 && fact("Status", problem.status),
        fact("Code", problem.code),
        problem.requestId && fact("Request", problem.requestId),
      ),
      make(
        "div",
        { class: "actions" },
        make("button", { type: "button", class: "button", onclick: retry }, "Try again"),
        byWords && make("button", { type: "button", class: "button", onclick: byWords }, "Search by words only"),
        problem.requestId && copyButton(() => `${problem.code} ${problem.requestId}`, "Copy code and request"),
      ),
    ),
  );
}

const fact = (label, value) => make("div", {}, make("dt", {}, label), make("dd", {}, String(value)));

function emptyTiles() {
  return make("div", { class: "empty-tiles", "aria-hidden": "true" }, Array.from({ length: 9 }, () => make("i")));
}

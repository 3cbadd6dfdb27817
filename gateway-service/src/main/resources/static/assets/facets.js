// How often each value occurs among what matches, beside the results; a click narrows them.

import { make, replace } from "./dom.js";
import { attributeValue, count } from "./format.js";

const ATTRIBUTES_SHOWN = 4;
const VALUES_SHOWN = 5;
const KINDS_SHOWN = ["string", "list", "boolean"];

/** The facets to ask for: attributes of which people choose values, not ranges. */
export function facetsOf(attributes) {
  return attributes
    .filter(({ kind }) => KINDS_SHOWN.includes(kind))
    .slice(0, ATTRIBUTES_SHOWN)
    .map(({ name }) => ({ field: name, limit: VALUES_SHOWN }));
}

/**
 * Draws the counts; nothing where no attribute has two values to choose from.
 *
 * @param context {attributes, filters, choose(attribute, value)}
 */
export function renderFacets(panel, facets, { attributes, filters, choose }) {
  const groups = attributes
    .map((attribute) => ({ attribute, values: usable(facets?.[attribute.name]) }))
    .filter(({ attribute, values }) => values.length > 1 || (values.length === 1 && chosen(filters, attribute)));
  panel.hidden = groups.length === 0;
  if (groups.length === 0) return replace(panel);
  replace(
    panel,
    make(
      "details",
      { class: "facet-box", open: matchMedia("(min-width: 1040px)").matches },
      make("summary", {}, "Narrow down"),
      groups.map(({ attribute, values }) => group(attribute, values, { filters, choose })),
    ),
  );
}

/** A value that is one of a thousand different ones, as an address is, is nothing to choose by. */
const usable = (values) => (Array.isArray(values) && values.some(({ count: documents }) => documents > 1) ? values : []);

const chosen = (filters, { name }) => filters.some(({ field }) => field === name);

function group(attribute, values, { filters, choose }) {
  const most = values.reduce((max, { count: documents }) => Math.max(max, documents), 1);
  return make(
    "section",
    { class: "facet", "aria-label": attribute.name },
    make("h3", {}, attribute.name),
    make(
      "ul",
      {},
      values.map(({ value, count: documents }) => {
        const active = filters.some((filter) => filter.field === attribute.name && filter.values.includes(value));
        const share = make("span", { class: "share", "aria-hidden": "true" });
        share.style.setProperty("--share", String(documents / most));
        return make(
          "li",
          {},
          make(
            "button",
            {
              type: "button",
              class: "facet-value",
              "aria-pressed": String(active),
              title: active ? `Do not ask for ${attribute.name} ${attributeValue(value)} any more` : `Show only ${attribute.name} ${attributeValue(value)}`,
              onclick: () => choose(attribute, value),
            },
            share,
            make("span", { class: "facet-name", dir: "auto" }, attributeValue(value)),
            make("span", { class: "facet-count" }, count(documents)),
          ),
        );
      }),
    ),
  );
}

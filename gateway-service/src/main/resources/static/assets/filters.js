// Filters: what can be asked of an attribute, how it reads, how it travels in the address and on
// the wire.

import { byId, icon, make, replace } from "./dom.js";
import { attributeValue } from "./format.js";

const ANY = { exists: "is set", missing: "is not set" };

const OPERATORS = {
  string: { eq: "is", ne: "is not", prefix: "starts with", ...ANY },
  number: { eq: "is", gte: "is at least", lte: "is at most", between: "is between", ...ANY },
  boolean: { eq: "is", ...ANY },
  datetime: { gte: "is on or after", lt: "is before", between: "is between", ...ANY },
  list: { contains: "contains", ...ANY },
};

const KIND_ORDER = ["string", "list", "number", "datetime", "boolean"];

const kindOf = (type) => {
  if (type.endsWith("[]")) return "list";
  if (type === "integer" || type === "float") return "number";
  return type;
};

/** The attributes of a schema that this page can filter by, as {name, type, kind}, those most worth showing first. */
export function filterable(schema) {
  return Object.entries(schema?.attributes ?? {})
    .filter(([, attribute]) => attribute.filterable !== false && kindOf(attribute.type) in OPERATORS)
    .map(([name, attribute]) => ({ name, type: attribute.type, kind: kindOf(attribute.type) }))
    .sort((left, right) => KIND_ORDER.indexOf(left.kind) - KIND_ORDER.indexOf(right.kind) || left.name.localeCompare(right.name));
}

/** The list with one more filter; a second "is" of one attribute means either value. */
export function withFilter(filters, added) {
  if (filters.some((filter) => filter.field === added.field && filter.op === added.op && sameValues(filter, added))) {
    return filters;
  }
  const sameField = filters.find((filter) => filter.field === added.field && filter.op === added.op);
  if (sameField && (added.op === "eq" || added.op === "ne") && added.kind !== "boolean") {
    const joined = { ...sameField, values: [...sameField.values, ...added.values.filter((v) => !sameField.values.includes(v))] };
    return filters.map((filter) => (filter === sameField ? joined : filter));
  }
  return [...filters.filter((filter) => filter !== sameField || added.kind === "list"), added];
}

/** The list without one value of an attribute; a filter that loses its last value goes. */
export function withoutValue(filters, { name }, value) {
  return filters.flatMap((filter) => {
    if (filter.field !== name || !filter.values.includes(value)) return [filter];
    const values = filter.values.filter((other) => other !== value);
    return values.length > 0 ? [{ ...filter, values }] : [];
  });
}

const sameValues = (left, right) => JSON.stringify(left.values) === JSON.stringify(right.values);

/** The filter clause of a search request, or undefined when nothing is filtered. */
export function toRequest(filters) {
  const clauses = filters.flatMap(clausesOf);
  if (clauses.length === 0) return undefined;
  return clauses.length === 1 ? clauses[0] : { and: clauses };
}

function clausesOf({ field, op, values, type }) {
  const [first, second] = values;
  switch (op) {
    case "exists":
      return [{ field, op: "exists" }];
    case "missing":
      return [{ not: { field, op: "exists" } }];
    case "between":
      return type === "datetime"
        ? [{ field, op: "gte", value: first }, { field, op: "lt", value: dayAfter(second) }]
        : [{ field, op: "gte", value: first }, { field, op: "lte", value: second }];
    case "eq":
      return values.length > 1 ? [{ field, op: "in", value: values }] : [{ field, op, value: first }];
    case "ne":
      return values.length > 1 ? [{ field, op: "not_in", value: values }] : [{ field, op, value: first }];
    default:
      return [{ field, op, value: first }];
  }
}

function dayAfter(time) {
  const day = new Date(time);
  day.setUTCDate(day.getUTCDate() + 1);
  return day.toISOString().replace(".000Z", "Z");
}

/** A filter in words: "year is between 2019 and 2024". */
export function inWords({ field, op, values, kind }) {
  const label = OPERATORS[kind]?.[op] ?? op;
  if (op === "exists" || op === "missing") return [field, label, ""];
  const shown = values.map(attributeValue);
  return [field, label, shown.join(op === "between" ? " and " : " or ")];
}

/** `year~gte~2020`, one a parameter `f` in the address. */
export const toAddress = ({ field, op, values }) => [field, op, JSON.stringify(values)].join("~");

/** The filter of an address, or null when the schema has no such attribute or the text is not one. */
export function fromAddress(text, attributes) {
  const [field, op, ...rest] = text.split("~");
  const attribute = attributes.find(({ name }) => name === field);
  if (!attribute || !(op in OPERATORS[attribute.kind])) return null;
  try {
    const values = JSON.parse(rest.join("~"));
    return Array.isArray(values) ? { field, op, values, type: attribute.type, kind: attribute.kind } : null;
  } catch {
    return null;
  }
}

/** A filter for "this attribute has this value", as a click on a value of a hit asks for. */
export const hasValue = ({ name, type, kind }, value) => ({
  field: name,
  op: kind === "list" ? "contains" : kind === "datetime" ? "gte" : "eq",
  values: [value],
  type,
  kind,
});

/** The removable chips. */
export function renderChips(container, filters, remove) {
  replace(
    container,
    filters.map((filter) => {
      const [field, label, value] = inWords(filter);
      return make(
        "li",
        { class: "chip" },
        make("span", { class: "chip-text", dir: "auto" }, make("b", {}, field), ` ${label} `, value && make("em", {}, value)),
        make(
          "button",
          { type: "button", "aria-label": `Remove the filter ${field} ${label} ${value}`, onclick: () => remove(filter) },
          icon("close"),
        ),
      );
    }),
    filters.length > 1 &&
      make("li", {}, make("button", { type: "button", class: "link", onclick: () => remove(null) }, "Clear filters")),
  );
}

/**
 * The panel that makes a filter: attribute, comparison, value. `seen(name)` gives values met in the
 * results, offered as suggestions.
 */
export function openFilterPanel(attributes, { seen, apply }) {
  const panel = byId("filter-panel");
  const opener = byId("open-filter");
  const attributeSelect = make(
    "select",
    { id: "filter-attribute" },
    attributes.map(({ name }) => make("option", { value: name }, name)),
  );
  const operatorSelect = make("select", { id: "filter-operator", "aria-label": "Comparison" });
  const values = make("div", { class: "panel-values" });
  const complaint = make("p", { class: "complaint", role: "alert", hidden: true });
  let inputs = [];

  const chosen = () => attributes.find(({ name }) => name === attributeSelect.value);
  const showOperators = () => {
    replace(
      operatorSelect,
      Object.entries(OPERATORS[chosen().kind]).map(([op, label]) => make("option", { value: op }, label)),
    );
    showValues();
  };
  const showValues = () => {
    const op = operatorSelect.value;
    complaint.hidden = true;
    const suggestions = seen(chosen().name);
    inputs = inputsFor(chosen(), op, suggestions);
    const quick =
      op === "eq" || op === "contains"
        ? suggestions.slice(0, 8).map((value) =>
            make("button", { type: "button", class: "tag", onclick: () => finish([value]) }, attributeValue(value)),
          )
        : [];
    replace(
      values,
      inputs.map((input, index) => [index > 0 && make("span", { class: "and" }, "and"), input]),
      quick.length > 0 && chosen().kind !== "boolean" && make("div", { class: "quick", "aria-label": "Values in these results" }, quick),
    );
  };
  const finish = (given) => {
    const { name, type, kind } = chosen();
    panel.hidePopover();
    apply({ field: name, op: operatorSelect.value, values: given, type, kind });
  };
  attributeSelect.addEventListener("change", showOperators);
  operatorSelect.addEventListener("change", showValues);

  const form = make(
    "form",
    {
      onsubmit: (event) => {
        event.preventDefault();
        const given = inputs.map((input) => read(input.matches("select, input") ? input : input.querySelector("input"), chosen()));
        if (given.some((value) => value === null)) {
          complaint.textContent = chosen().kind === "number" ? "Give a number." : "Give a value.";
          complaint.hidden = false;
          return;
        }
        finish(given);
      },
    },
    make("label", { for: "filter-attribute", class: "panel-title" }, "Show only documents where"),
    make("div", { class: "panel-row" }, attributeSelect, operatorSelect),
    values,
    complaint,
    make(
      "div",
      { class: "panel-actions" },
      make("button", { type: "button", class: "button ghost", onclick: () => panel.hidePopover() }, "Cancel"),
      make("button", { type: "submit", class: "button primary" }, "Apply filter"),
    ),
  );
  replace(panel, form);
  showOperators();
  panel.showPopover();
  place(panel, opener);
  attributeSelect.focus();
}

function inputsFor({ kind, type, name }, op, suggestions) {
  if (op === "exists" || op === "missing") return [];
  if (kind === "boolean") {
    return [
      make("select", { "aria-label": name }, make("option", { value: "true" }, "true"), make("option", { value: "false" }, "false")),
    ];
  }
  const one = (label) => {
    if (kind === "number") return make("input", { type: "number", step: type === "integer" ? "1" : "any", "aria-label": label });
    if (kind === "datetime") return make("input", { type: "date", "aria-label": label });
    const list = make("datalist", { id: "filter-suggestions" }, suggestions.map((value) => make("option", { value: String(value) })));
    const text = make("input", { type: "text", placeholder: "Value", "aria-label": label, autocomplete: "off" });
    text.setAttribute("list", "filter-suggestions");
    return make("div", { class: "with-list" }, text, list);
  };
  return op === "between" ? [one(`${name} from`), one(`${name} to`)] : [one(name)];
}

function read(input, { kind, type }) {
  const text = input.value.trim();
  if (text === "") return null;
  if (kind === "boolean") return text === "true";
  if (kind === "datetime") return `${text}T00:00:00Z`;
  const numeric = kind === "number" || type === "integer[]" || type === "float[]";
  if (!numeric) return text;
  const number = Number(text);
  return Number.isFinite(number) ? number : null;
}

/** Puts the panel under its button, or leaves it to the style sheet (a bottom sheet) on a phone. */
function place(panel, opener) {
  if (matchMedia("(max-width: 640px)").matches) {
    panel.style.removeProperty("left");
    panel.style.removeProperty("top");
    return;
  }
  const box = opener.getBoundingClientRect();
  const left = Math.min(box.left, innerWidth - panel.offsetWidth - 16);
  panel.style.left = `${Math.max(16, left)}px`;
  panel.style.top = `${box.bottom + 8}px`;
}

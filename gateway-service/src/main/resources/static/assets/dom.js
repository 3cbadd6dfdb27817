// Elements are built here and nowhere from markup: what the server sends is only ever text.

const SVG = "http://www.w3.org/2000/svg";

/** The element of the page with this id. */
export const byId = (id) => document.getElementById(id);

/**
 * Makes an element. Properties named `on…` are listeners, `class` and `data-…`/`aria-…` are
 * attributes, everything else is set as a property. Children that are null or false are left out;
 * strings become text.
 */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else if (name.includes("-") || name === "role" || name === "for") element.setAttribute(name, value);
    else element[name] = value;
  }
  append(element, children);
  return element;
}

export function append(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : String(child));
  }
}

export function replace(element, ...children) {
  element.replaceChildren();
  append(element, children);
}

const ICONS = {
  close: "m4.5 4.5 7 7m0-7-7 7",
  copy: "M5.5 5.5h7v8h-7zM3.5 10.5v-8h7",
  check: "m3.5 8.5 3 3 6-7",
  external: "M6 3.5H3.5v9h9V10M9 3.5h3.5V7M12.3 3.7 7.5 8.5",
  chevron: "m6 4 4 4-4 4",
  warning: "M8 2.2 14.6 13.6H1.4zM8 6.5v3.4M8 11.6v.3",
};

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** A button that copies what `text()` gives and says so for a moment. */
export function copyButton(text, label = "Copy") {
  const caption = make("span", {}, label);
  const button = make("button", { type: "button", class: "button small copy" }, icon("copy"), caption);
  button.addEventListener("click", async () => {
    const copied = await copy(text());
    button.replaceChild(icon(copied ? "check" : "warning"), button.firstChild);
    caption.textContent = copied ? "Copied" : "Select and copy by hand";
    setTimeout(() => {
      button.replaceChild(icon("copy"), button.firstChild);
      caption.textContent = label;
    }, 1600);
  });
  return button;
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Plain http on another machine has no clipboard API; the old way still works there.
    const area = make("textarea", { value: text, class: "visually-hidden" });
    document.body.append(area);
    area.select();
    const copied = document.execCommand("copy");
    area.remove();
    return copied;
  }
}

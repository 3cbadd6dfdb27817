// Search as you type: the rest of the last word, shown in grey behind what is typed.

import { byId } from "./dom.js";
import * as api from "./api.js";

const input = byId("q");
const grey = byId("completion");
let asking = new AbortController();
let whole = "";

/** Asks how the last word may go on; a word that stands alone, or is left with a space, may not. */
export async function suggest(namespace) {
  forget();
  const typed = input.value;
  if (!/\S{2,}$/u.test(typed) || input.selectionStart !== typed.length) return;
  const { signal } = asking;
  try {
    const { suggestions = [] } = await api.suggest(namespace, typed, signal);
    const best = suggestions.find(({ text }) => text.length > typed.length && text.toLowerCase().startsWith(typed.toLowerCase()));
    if (signal.aborted || !best || input.value !== typed || document.activeElement !== input) return;
    show(typed + best.text.slice(typed.length));
  } catch {
    // A completion is a convenience: without it the search goes on as it is.
  }
}

export function forget() {
  asking.abort();
  asking = new AbortController();
  show("");
}

/** Takes what is shown; says whether there was something. Only at the end of the text, where the arrow has nothing else to do. */
export function accept() {
  if (whole === "" || input.selectionStart !== input.value.length) return false;
  input.value = whole;
  show("");
  return true;
}

function show(text) {
  whole = text;
  grey.textContent = text;
}

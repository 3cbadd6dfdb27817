// The dialog that adds documents, and the form for one of them, which the empty page shows too.

import { byId, icon, make, replace } from "./dom.js";
import { addDocument } from "./api.js";
import { crawlForm } from "./crawl.js";

/**
 * The form.
 *
 * @param options {namespace: fixed name or null when it is to be chosen, added(namespace, document), cancel}
 */
export function addForm({ namespace, added, cancel }) {
  const name = make("input", {
    name: "namespace",
    value: namespace ?? "docs",
    required: true,
    maxLength: 64,
    autocomplete: "off",
    spellcheck: false,
  });
  const title = make("input", { name: "title", required: true, maxLength: 1000, placeholder: "How a mosaic is laid" });
  const text = make("textarea", { name: "text", required: true, rows: 5, placeholder: "Paste or write some text" });
  const url = make("input", { name: "url", type: "url", placeholder: "https://…" });
  const complaint = make("p", { class: "complaint", role: "alert", hidden: true });
  const submit = make("button", { type: "submit", class: "button primary" }, "Add document");
  const send = async () => {
    const document = { id: identifier(), title: title.value.trim(), text: text.value.trim() };
    if (url.value.trim()) document.url = url.value.trim();
    complaint.hidden = true;
    submit.disabled = true;
    submit.textContent = "Adding…";
    try {
      const { results = [] } = await addDocument(name.value.trim(), document);
      const failed = results.find(({ status }) => status === "failed");
      if (failed) throw Object.assign(new Error("The document was not added"), { detail: failed.error?.detail ?? failed.error?.message ?? failed.error });
      added(name.value.trim(), document);
    } catch (problem) {
      complaint.textContent = complaintOf(problem);
      complaint.hidden = false;
    } finally {
      submit.disabled = false;
      submit.textContent = "Add document";
    }
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
    namespace === null && field("Namespace", name, "A named set of documents; it is made by its first document."),
    field("Title", title),
    field("Text", text),
    field("Address", url, "Optional: where a result leads."),
    complaint,
    make("div", { class: "panel-actions" }, cancel && make("button", { type: "button", class: "button ghost", onclick: cancel }, "Cancel"), submit),
  );
}

/** A website or a document, in the page's dialog. */
export function openAddDialog({ namespace, added, crawling }) {
  const dialog = byId("add-dialog");
  const close = () => dialog.close();
  const body = make("div");
  const forms = {
    website: () => crawlForm({ namespace, cancel: close, started: (crawl) => (close(), crawling(crawl)) }),
    document: () =>
      addForm({
        namespace,
        cancel: close,
        added: (name, document) => {
          close();
          added(name, document);
        },
      }),
  };
  const tab = (kind, label) =>
    make("label", {}, make("input", { type: "radio", name: "add-kind", value: kind, checked: kind === "website", onchange: () => replace(body, forms[kind]()) }), make("span", {}, label));
  replace(
    dialog,
    make(
      "header",
      { class: "sheet-head" },
      make("h2", { id: "add-title" }, "Add to ", make("em", {}, namespace)),
      make("button", { type: "button", class: "button ghost square", "aria-label": "Close", onclick: close }, icon("close")),
    ),
    make("fieldset", { class: "modes" }, make("legend", { class: "visually-hidden" }, "What to add"), tab("website", "Website"), tab("document", "Document")),
    body,
  );
  replace(body, forms.website());
  dialog.showModal();
}

export function field(label, input, hint) {
  return make("label", { class: "field" }, make("span", { class: "field-name" }, label), input, hint && make("span", { class: "hint" }, hint));
}

/** A problem in one line, with what to quote when asking for help. */
export const complaintOf = (problem) => [problem.title ?? problem.message, detailOf(problem)].filter(Boolean).join(": ");

function detailOf({ detail, errors = [], requestId }) {
  const said = errors.length > 0 ? errors.map(({ pointer, message }) => `${pointer} ${message}`).join("; ") : detail;
  return [said, requestId && `request ${requestId}`].filter(Boolean).join(" · ");
}

/** Random, and made without crypto.randomUUID, which plain http on another machine lacks. */
function identifier() {
  const random = crypto.getRandomValues(new Uint8Array(10));
  return [...random].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

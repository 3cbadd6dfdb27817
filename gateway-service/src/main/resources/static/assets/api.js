// The public API, and nothing but it: whatever this page does, a program can do too.

/** What the server answered instead of a result, or that it did not answer. */
export class Problem extends Error {
  constructor({ status = 0, code, title, detail, requestId, errors = [] }) {
    super(title);
    this.status = status;
    this.code = code;
    this.title = title;
    this.detail = detail;
    this.requestId = requestId;
    this.errors = errors;
  }
}

const KEY = "mosaic.key";

/** Remembers the API key for this tab only. */
export function useKey(key) {
  try {
    sessionStorage.setItem(KEY, key);
  } catch {
    // Storage is off: the key lives as long as the page.
  }
  rememberedKey = key;
}

let rememberedKey = storedKey();

function storedKey() {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return null;
  }
}

const withKey = (headers) => (rememberedKey ? { ...headers, Authorization: `Bearer ${rememberedKey}` } : headers);

/** For a terminal: the key itself is never copied. */
const keyForCurl = () => (rememberedKey ? ` -H "Authorization: Bearer $MOSAIC_API_KEY"` : "");

const namespacePath = (namespace) => `v1/namespaces/${encodeURIComponent(namespace)}`;

export const listNamespaces = async (signal) => (await call("GET", "v1/namespaces", { signal })).namespaces ?? [];

export const describeNamespace = (namespace, signal) => call("GET", namespacePath(namespace), { signal });

export const search = (namespace, body, signal) => call("POST", `${namespacePath(namespace)}/search`, { body, signal });

/** Counts of attribute values over everything that the request matches. */
export const countFacets = (namespace, body, signal) => call("POST", `${namespacePath(namespace)}/facets`, { body, signal });

/** How the last word of a text may go on. */
export const suggest = (namespace, text, signal) =>
  call("GET", `${namespacePath(namespace)}/suggest?${new URLSearchParams({ q: text, limit: "5" })}`, { signal });

export const addDocument = (namespace, document) =>
  call("POST", `${namespacePath(namespace)}/documents?wait=visible`, { body: { documents: [document] } });

export const startCrawl = (body) => call("POST", "v1/crawls", { body });

export const listCrawls = async (signal) => (await call("GET", "v1/crawls", { signal })).crawls ?? [];

/** `pause`, `resume` or `cancel`. */
export const tellCrawl = (id, action) => call("POST", `v1/crawls/${encodeURIComponent(id)}/${action}`);

/** Health is an answer at 503 too: it says what is down. */
export async function health(signal) {
  const response = await fetch("health", { headers: { Accept: "application/json" }, signal });
  return response.json();
}

/** Opens a stored document in a new tab where a plain link would lack the key. */
export async function openWithKey(event) {
  if (!rememberedKey) return;
  event.preventDefault();
  const address = event.currentTarget.href;
  const tab = window.open("", "_blank");
  const answer = await fetch(address, { headers: withKey({}) });
  const blob = new Blob([await answer.text()], { type: "application/json" });
  if (tab) tab.location = URL.createObjectURL(blob);
}

/** Slashes of an id stay: servers refuse them encoded. */
export const documentAddress = (namespace, id) =>
  `${namespacePath(namespace)}/documents/${id.split("/").map(encodeURIComponent).join("/")}`;

/** The same search for a terminal. */
export function searchAsCurl(namespace, body) {
  const address = new URL(`${namespacePath(namespace)}/search`, document.baseURI).href;
  return `curl -s '${address}'${keyForCurl()} -H 'Content-Type: application/json' -d '${shellQuoted(JSON.stringify(body))}'`;
}

/** The first document for a terminal. */
export function addAsCurl(namespace) {
  const address = new URL(`${namespacePath(namespace)}/documents`, document.baseURI).href;
  const first = `{"documents": [{
    "id": "tesserae",
    "title": "How a mosaic is laid",
    "text": "Small tiles of stone or glass are pressed one by one into wet mortar, and together they show a picture.",
    "url": "https://en.wikipedia.org/wiki/Mosaic",
    "attributes": {"topic": "craft", "year": 2025}}]}`;
  return `curl -s '${address}'${keyForCurl()} \\\n  -H 'Content-Type: application/json' \\\n  -d '${shellQuoted(first)}'`;
}

const shellQuoted = (text) => text.replaceAll("'", "'\\''");

async function call(method, path, { body, signal } = {}) {
  const headers = withKey({ Accept: "application/json, application/problem+json" });
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let response;
  try {
    response = await fetch(path, { method, headers, signal, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch (failure) {
    if (failure.name === "AbortError") throw failure;
    throw new Problem({
      code: "unreachable",
      title: "The server does not answer",
      detail: `Nothing answers at ${location.origin}. It may be starting or stopped; the page goes on by itself as soon as it is back.`,
    });
  }
  const answer = await readJson(response);
  if (response.ok) return answer ?? {};
  throw new Problem({
    status: response.status,
    code: answer?.code ?? `http_${response.status}`,
    title: answer?.title ?? `The server answered ${response.status}`,
    detail: answer?.detail,
    requestId: answer?.request_id ?? response.headers.get("X-Request-Id") ?? undefined,
    errors: Array.isArray(answer?.errors) ? answer.errors : [],
  });
}

async function readJson(response) {
  try {
    return await response.json();
  } catch (failure) {
    if (failure.name === "AbortError") throw failure;
    return null;
  }
}

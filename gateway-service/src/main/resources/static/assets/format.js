// Numbers, times and addresses as people read them.

const LOCALE = "en";
const integer = new Intl.NumberFormat(LOCALE);

export const count = (value) => integer.format(value);

export const plural = (value, one, many = `${one}s`) => `${count(value)} ${value === 1 ? one : many}`;

/** Milliseconds with as many digits as mean something: 0.84 ms, 7.4 ms, 132 ms, 2.1 s. */
export function milliseconds(value) {
  if (value >= 1000) return `${(value / 1000).toFixed(1)} s`;
  if (value >= 100) return `${Math.round(value)} ms`;
  if (value >= 1) return `${trimZero(value.toFixed(1))} ms`;
  return `${trimZero(value.toFixed(2))} ms`;
}

export function bytes(value) {
  const units = ["B", "KB", "MB", "GB", "TB"];
  let size = value;
  let unit = 0;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${size >= 100 || unit === 0 ? Math.round(size) : trimZero(size.toFixed(1))} ${units[unit]}`;
}

export function score(value) {
  const size = Math.abs(value);
  if (size >= 100) return value.toFixed(0);
  if (size >= 10) return value.toFixed(1);
  if (size >= 1) return value.toFixed(2);
  return value.toFixed(size >= 0.1 ? 3 : 4);
}

/** How many hits there are, never more certain than the server is. */
export function total(value, relation) {
  return relation === "eq" || relation === undefined ? plural(value, "result") : `At least ${plural(value, "result")}`;
}

/** The address if it is one a browser may safely open from here, else null. */
export function webAddress(text) {
  if (typeof text !== "string") return null;
  try {
    const url = new URL(text);
    return url.protocol === "http:" || url.protocol === "https:" ? url : null;
  } catch {
    return null;
  }
}

/** `host › path › file`, the last steps kept when there are many. */
export function breadcrumb(url) {
  const steps = url.pathname.split("/").filter(Boolean).map(decode);
  const kept = steps.length > 4 ? ["…", ...steps.slice(-3)] : steps;
  return [url.host.replace(/^www\./, ""), ...kept].join(" › ") + decode(url.hash);
}

function decode(step) {
  try {
    return decodeURIComponent(step);
  } catch {
    return step;
  }
}

export function attributeValue(value) {
  if (typeof value === "number") return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
  if (typeof value === "string" && /^\d{4}-\d\d-\d\dT00:00(:00(\.0+)?)?Z$/.test(value)) return value.slice(0, 10);
  return String(value);
}

function trimZero(text) {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/* Addresses of the page ("#/findings?state=new"), and asking the server. */
const STATES = ["open", "new", "reopened", "fixed", "any"];
const GRAVEST_FIRST = ["critical", "high", "medium", "low", "info"];

function address(path, params) {
  const query = new URLSearchParams();
  for (const name in params)
    if (params[name] !== "" && params[name] !== null && params[name] !== undefined) query.set(name, params[name]);
  const text = query.toString();
  return path + (text ? "?" + text : "");
}

function hash(path, params) {
  return "#" + address(path, params);
}

/* The answer as an object; without a session the form is shown. */
async function ask(path, params) {
  const answer = await fetch(address("/api/" + path, params), {credentials: "same-origin", redirect: "error"});
  if (answer.status === 401) {
    location.assign("/login");
    return new Promise(() => {});
  }
  const data = await answer.json();
  if (!answer.ok) throw new Error(data.error || "the server answered " + answer.status);
  return data;
}

/* "/findings?state=new" as its path and its parameters. */
function here() {
  const text = location.hash.slice(1) || "/", at = text.indexOf("?");
  return {path: at < 0 ? text : text.slice(0, at), params: Object.fromEntries(new URLSearchParams(at < 0 ? "" : text.slice(at + 1)))};
}

function day(time) {
  return time.slice(0, 10);
}

function clock(time) {
  return time.slice(0, 16).replace("T", " ");
}

function wide(label, ...children) {
  return el("div", {class: "wide", tabindex: "0", role: "region", "aria-label": label}, children);
}

function section(title, ...children) {
  return el("section", {}, el("h2", {}, title), children);
}

/* Links to the page before and the next one. */
function pages(data, path, params) {
  const last = Math.max(1, Math.ceil(data.total / data.per_page));
  const to = (page, text) => page >= 1 && page <= last ? el("a", {href: hash(path, {...params, page})}, text) : el("span", {class: "soft"}, text);
  return el("nav", {class: "pages", "aria-label": "Pages"}, to(data.page - 1, "Previous"),
    el("span", {}, "Page " + number(data.page) + " of " + number(last)), to(data.page + 1, "Next"));
}

function counts(severities) {
  return GRAVEST_FIRST.map((name) => number(severities[name]));
}

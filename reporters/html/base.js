/* What all parts of the page use: elements, words, colours, and the data. Text goes into the page as text only. */
const SEVERITIES = ["none", "info", "low", "medium", "high", "critical"];
const STATUSES = ["fail", "pass", "unknown", "suppressed"];
const FAIL = 0, PASS = 1, UNKNOWN = 2, SUPPRESSED = 3;
const SVG = "http://www.w3.org/2000/svg";

function byId(id) {
  return document.getElementById(id);
}

function fill(node, attributes, children) {
  for (const name in attributes) {
    const value = attributes[name];
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  for (const child of children.flat(Infinity))
    if (child !== null && child !== undefined && child !== "") node.append(child);
  return node;
}

/* el("td", {class: "number"}, "12") */
function el(name, attributes, ...children) {
  return fill(document.createElement(name), attributes || {}, children);
}

function svg(name, attributes, ...children) {
  return fill(document.createElementNS(SVG, name), attributes || {}, children);
}

function number(n) {
  return n.toLocaleString("en-GB");
}

function plural(n, word) {
  return number(n) + " " + word + (n === 1 ? "" : "s");
}

function badge(name) {
  return el("span", {class: "badge " + name}, name);
}

/* Of columns from the right ones that hold numbers. */
function table(head, rows, numbers) {
  const is = (i) => (numbers || []).includes(i);
  return el("table", {},
    el("thead", {}, el("tr", {}, head.map((text, i) => el("th", {scope: "col", class: is(i) ? "number" : null}, text)))),
    el("tbody", {}, rows.map((row) => el("tr", {}, row.map((cell, i) =>
      el("td", {class: is(i) ? "number" : null}, cell))))));
}

/* The little of Markdown that rules use: paragraphs, lists, code. */
function prose(text) {
  const inline = (line) => line.split(/(`[^`]*`)/).map((part) =>
    part.length > 1 && part.startsWith("`") && part.endsWith("`") ? el("code", {}, part.slice(1, -1)) : part);
  return text.trim().split(/\n\s*\n/).filter((part) => part).map((part) => {
    const fence = part.match(/^```[^\n]*\n([\s\S]*?)\n?```$/);
    if (fence) return el("pre", {}, fence[1]);
    const lines = part.split("\n");
    if (lines.every((line) => /^\s*[-*] /.test(line)))
      return el("ul", {}, lines.map((line) => el("li", {}, inline(line.replace(/^\s*[-*] /, "")))));
    return el("p", {}, inline(lines.join(" ")));
  });
}

/* Only addresses of the web become links. */
function link(address) {
  return /^https?:\/\//.test(address) ? el("a", {href: address, rel: "noreferrer noopener"}, address) : address;
}

function score(counts) {
  const good = counts[PASS] + counts[SUPPRESSED], all = good + counts[FAIL] + counts[UNKNOWN];
  return all === 0 ? null : Math.floor(good * 100 / all);
}

function scoreCell(percent) {
  if (percent === null || percent === undefined) return el("span", {class: "soft"}, "nothing judged");
  const bar = el("span", {});
  bar.style.width = percent + "%";
  return [percent + " %", el("span", {class: "bar", "aria-hidden": "true"}, bar)];
}

function environmentName(name) {
  return name === "" ? "(no environment)" : name;
}

function options(select, list) {
  select.replaceChildren(...list.map(([value, text]) => el("option", {value}, text)));
}

/* The end of an address or path says most. */
function clipLeft(text, most) {
  return text.length <= most ? text : "…" + text.slice(text.length - most + 1);
}

/* The finding i as an object, for what shows one. */
function findingAt(data, i) {
  const f = data.findings, entity = f.entity[i] ? data.entities[f.entity[i] - 1] : null;
  return {
    index: i, rule: data.rules[f.rule[i]], status: STATUSES[f.status[i]], severity: SEVERITIES[f.severity[i]],
    environment: data.about.environments[f.environment[i]], entity, address: entity ? entity[0] : "",
    path: f.path[i] ? data.paths[f.path[i] - 1] : null, line: f.line[i], message: f.message[i],
    place: f.place[i] ? data.places[f.place[i] - 1] : null, more: f.more[i] || {}, fingerprint: f.fingerprint[i],
  };
}

function placeText(data, path, line) {
  if (!path) return "";
  return data.paths[path - 1][0] + (line > 0 ? ":" + line : "");
}

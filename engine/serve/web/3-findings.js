/* Findings by what they are, and one of them. */
const AGES = [["", "any age"], ["0-6", "this week"], ["7-29", "a week or more"], ["30-89", "a month or more"], ["90-", "three months or more"]];

function ageParams(age) {
  if (!age) return {};
  const [least, most] = age.split("-");
  return {min_age: least === "0" ? "" : least, max_age: age === "0-6" ? most : ""};
}

function choose(label, name, list, value) {
  const select = el("select", {name});
  options(select, list);
  select.value = value || "";
  return el("label", {}, label + " ", select);
}

function named(groups, all) {
  return [["", all]].concat(groups.filter((g) => g.name !== "").map((g) => [g.name, g.name + " (" + number(g.open) + ")"]));
}

function filterForm(params, facets) {
  const keep = (list, value) => value && !list.some((row) => row[0] === value) ? list.concat([[value, value]]) : list;
  const form = el("form", {class: "filters", role: "search", onsubmit: (event) => {
    event.preventDefault();
    send();
  }, onchange: (event) => { if (event.target.type !== "search") send(); }},
  el("label", {class: "grow"}, "Text ", el("input", {type: "search", name: "text", value: params.text || "", autocomplete: "off", spellcheck: "false"})),
  choose("State", "state", STATES.map((s) => [s, s]), params.state || "open"),
  choose("Severity", "severity", [["", "any"]].concat(GRAVEST_FIRST.map((s) => [s, s])), params.severity),
  choose("Rule", "rule", keep(named(facets.rules, "any"), params.rule), params.rule),
  choose("Account or repository", "scope", keep(named(facets.scopes, "all"), params.scope), params.scope),
  choose("Account", "account", keep(named(facets.accounts, "all"), params.account), params.account),
  choose("Environment", "environment", keep(named(facets.environments, "all"), params.environment), params.environment),
  choose("Age", "age", AGES, params.age),
  choose("Order", "order", [["severity", "gravest first"], ["age", "oldest first"], ["rule", "by rule"]], params.order || "severity"),
  el("button", {}, "Search"));
  function send() {
    location.hash = address("/findings", Object.fromEntries(new FormData(form)));
  }
  return form;
}

function findingRow(f, lead) {
  return [lead, badge(f.severity), el("a", {class: "name", href: hash("/finding", {scope: f.scope, fingerprint: f.fingerprint})}, f.rule),
    el("span", {}, f.message, el("br", {}), el("span", {class: "soft"}, f.address + " · " + f.path + (f.line ? ":" + f.line : ""))),
    f.environment, f.scope, number(f.age_days || 0)];
}

const FINDING_HEAD = ["", "Severity", "Rule", "Finding", "Environment", "Where from", "Days"];

async function showFindings(params) {
  const {age, ...rest} = params;
  const asked = {state: "open", ...rest, ...ageParams(age)};
  const [data, facets] = await Promise.all([ask("findings", asked), ask("facets", {scope: params.scope})]);
  return [section("Findings", filterForm(params, facets), el("p", {id: "count", role: "status"}, plural(data.total, "finding")),
    wide("Findings", table(FINDING_HEAD, data.items.map((f) => findingRow(f, el("span", {class: "soft"}, f.state))), [6])),
    pages(data, "/findings", params))];
}

function rowsOf(list) {
  return el("dl", {}, list.filter((row) => row[1]).map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
}

/* What the report of --result knows of it. */
function evidenceOf(e) {
  if (!e) return [];
  const place = (l) => l.path ? el("span", {class: "soft"}, " " + l.path + (l.line ? ":" + l.line : "")) : null;
  const width = e.excerpt.length > 0 ? String(e.excerpt[e.excerpt.length - 1][0]).length : 0;
  return [e.excerpt.length > 0 ? el("pre", {tabindex: "0", role: "region", "aria-label": "Excerpt"}, e.excerpt.map(([nr, marked, text]) => [
    el("span", {class: marked ? "marked" : null}, el("span", {class: "nr"}, String(nr).padStart(width) + "  "), text), "\n"])) : null,
  e.evidence.length > 0 ? [el("h3", {}, "How it comes about"), el("ol", {}, e.evidence.map((step) => el("li", {}, step.note, place(step))))] : null,
  e.fixes.length > 0 ? [el("h3", {}, "Fix"), el("ul", {}, e.fixes.map((fix) =>
    el("li", {}, fix.title || [el("code", {}, fix.field), " = ", el("code", {}, fix.value)], place(fix),
      fix.insert ? el("pre", {tabindex: "0", role: "region", "aria-label": "Text of the fix"}, fix.insert) : null)))] : null];
}

async function showFinding(params) {
  const f = await ask("finding", params), about = f.about;
  return [section(f.rule + " " + f.title, el("p", {}, badge(f.severity), " ", f.state, ": ", f.message),
    rowsOf([["Resource", f.address], ["Where", f.path + (f.line ? ":" + f.line : "")], ["Account or repository", f.scope],
      ["Account", f.account], ["Environment", f.environment], ["Age", plural(f.age_days || 0, "day")], ["First seen", clock(f.first_seen)],
      ["Last seen", clock(f.last_seen)], ["Fixed", f.fixed_at ? clock(f.fixed_at) : ""], ["Fingerprint", el("code", {}, f.fingerprint)]]),
    evidenceOf(f.evidence),
    el("h3", {}, "What became of it"), el("ol", {}, f.events.map((e) => el("li", {}, e.event + ", ",
      el("a", {href: hash("/run", {id: e.run})}, "run " + number(e.run)), " ", clock(e.at))))),
  about ? section("The rule", el("h3", {}, "Why it matters"), prose(about.description), el("h3", {}, "What to do"), prose(about.remediation),
    rowsOf([["Category", about.category], ["Frameworks", about.frameworks.join(", ")], ["Also known as", about.aliases.join(", ")]]),
    about.references.length > 0 ? [el("h3", {}, "References"), el("ul", {}, about.references.map((r) => el("li", {}, link(r))))] : null,
    el("p", {}, el("a", {href: hash("/findings", {rule: f.rule, state: "open"})}, "All open findings of this rule"))) : null];
}

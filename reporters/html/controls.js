/* Control by control, exceptions, and what is not known. */
const STATES = ["failed", "unknown", "accepted", "passed", "manual", "nothing"];
const STATE_TEXTS = {
  failed: "a check fails", unknown: "not all could be decided", accepted: "met, with exceptions", passed: "met",
  manual: "to be shown by hand", nothing: "nothing in scope",
};

/* Findings by rule, made once. */
function indexByRule(data) {
  const index = data.rules.map(() => []);
  data.findings.rule.forEach((rule, i) => index[rule].push(i));
  return index;
}

function findingLine(data, i) {
  const f = findingAt(data, i);
  return el("li", {}, badge(f.status === "fail" ? f.severity : f.status), " ",
    el("button", {type: "button", class: "plain", onclick: () => showDetails(data, i)}, f.address || f.rule.title),
    ": " + f.message, f.path ? el("span", {class: "soft"}, " " + f.path[0] + (f.line ? ":" + f.line : "")) : "");
}

function controlInside(data, byRule, control, filter, framework) {
  const shown = 20, list = [];
  for (const rule of control.rules)
    for (const i of byRule[rule])
      if (data.findings.status[i] !== PASS) list.push(i);
  list.sort((a, b) => data.findings.status[a] - data.findings.status[b] || data.findings.severity[b] - data.findings.severity[a] || a - b);
  const [fail, pass, unknown, suppressed] = control.counts;
  return el("div", {class: "inside"},
    control.manual ? el("p", {}, el("strong", {}, "By hand: "), control.manual) : "",
    control.rules.length > 0 ? el("p", {class: "soft"}, "Checked by ", control.rules.map((r) => data.rules[r].id).join(", ") + ": "
      + [plural(fail, "failure"), number(pass) + " passed", number(unknown) + " unknown", plural(suppressed, "exception")].join(", ") + ".") : "",
    list.length > 0 ? el("ul", {}, list.slice(0, shown).map((i) => findingLine(data, i))) : "",
    list.length > shown ? el("button", {type: "button", class: "plain",
      onclick: () => filter({control: {name: framework.id + ":" + control.id, rules: control.rules}})},
    "All " + number(list.length) + " in the list of findings") : "");
}

function showControls(data, byRule, filter) {
  const select = byId("framework"), state = byId("state"), at = byId("control-list");
  options(select, data.frameworks.map((f, i) => [i, f.name + " " + f.version]));
  options(state, [["", "all"]].concat(STATES.map((s) => [s, s + ": " + STATE_TEXTS[s]])));
  const show = () => {
    const framework = data.frameworks[select.value || 0];
    at.replaceChildren();
    if (!framework) {
      at.append(el("p", {class: "soft"}, "No control of a framework was checked."));
      return;
    }
    at.append(el("p", {class: "soft"}, framework.id + ". ", link(framework.reference)));
    let section = null;
    for (const control of framework.controls) {
      if (state.value && control.state !== state.value) continue;
      if (control.section !== section) at.append(el("h3", {}, control.section || "Controls"));
      section = control.section;
      const node = el("details", {class: "control"}, el("summary", {}, el("span", {}, control.id), badge(control.state),
        el("span", {}, control.title), el("span", {class: "soft"}, control.counts[FAIL] ? plural(control.counts[FAIL], "failure") : "")));
      const open = () => {
        if (node.childElementCount === 1) node.append(controlInside(data, byRule, control, filter, framework));
      };
      node.addEventListener("toggle", open);
      node.openNow = open;
      at.append(node);
    }
    if (section === null) at.append(el("p", {class: "soft"}, "No control is in this state."));
  };
  select.addEventListener("change", show);
  state.addEventListener("change", show);
  show();
  return (i) => {
    select.value = i;
    show();
    byId("controls").scrollIntoView();
  };
}

function showExceptions(data) {
  const at = byId("exception-list"), f = data.findings, groups = new Map();
  f.status.forEach((status, i) => {
    if (status !== SUPPRESSED) return;
    const s = (f.more[i] || {}).suppression || {source: "", reason: "", owner: "", until: ""};
    const key = JSON.stringify([f.rule[i], s.source, s.reason, s.owner, s.until]);
    if (!groups.has(key)) groups.set(key, {rule: data.rules[f.rule[i]], s, list: []});
    groups.get(key).list.push(i);
  });
  if (groups.size === 0) {
    at.append(el("p", {class: "soft"}, "There are no exceptions."));
    return;
  }
  const rows = [...groups.values()].sort((a, b) => (a.s.until || "9999") < (b.s.until || "9999") ? -1 : 1);
  at.append(table(["Ends", "Owner", "Rule", "Reason", "Said by", "Where"], rows.map((g) => [
    g.s.until || el("strong", {class: "high"}, "never"), g.s.owner || el("span", {class: "medium"}, "nobody"),
    g.rule.id + " " + g.rule.title, g.s.reason || el("span", {class: "medium"}, "none given"), g.s.source,
    [g.list.slice(0, 3).map((i) => el("div", {}, el("button", {type: "button", class: "plain", onclick: () => showDetails(data, i)},
      findingAt(data, i).address || placeText(data, f.path[i], f.line[i]) || g.rule.id))),
    g.list.length > 3 ? el("span", {class: "soft"}, "and " + number(g.list.length - 3) + " more") : ""]])));
}

function showUnknown(data, filter) {
  const at = byId("unknown-list"), n = data.about.counts[UNKNOWN];
  if (n === 0) {
    at.append(el("p", {class: "soft"}, "Every check was decided."));
    return;
  }
  at.append(el("p", {}, plural(n, "check") + " could not be decided; they are neither passed nor failed. ",
    el("button", {type: "button", onclick: () => filter({status: [UNKNOWN]})}, "Show them")));
  const list = data.missing.slice(0, 200);
  if (list.length > 0)
    at.append(table(["What is missing", "Checks"], list.map(([reason, count]) => [reason, number(count)]), [1]));
  if (data.missing.length > list.length)
    at.append(el("p", {class: "soft"}, "and " + plural(data.missing.length - list.length, "other reason")));
}

function showCoverage(data) {
  const at = byId("coverage-list");
  at.append(table(["Input", "Found", "Read", "Skipped", "Resources"],
    data.parsers.map((row) => [row[0]].concat(row.slice(1).map(number))), [1, 2, 3, 4]));
  at.append(el("h3", {}, "Diagnostics"));
  if (data.diagnostics.length === 0) at.append(el("p", {class: "soft"}, "Everything could be read."));
  else at.append(table(["Severity", "Where", "What"], data.diagnostics.slice(0, 1000).map(([severity, path, line, text, code]) =>
    [severity, path + (line ? ":" + line : ""), text + " (" + code + ")"])));
  if (data.skipped.length > 0)
    at.append(el("details", {}, el("summary", {}, plural(data.skipped.length, "file") + " skipped"),
      table(["File", "Why"], data.skipped.slice(0, 5000))));
}

/* The list of findings: only the rows in view are in the page, so that any number of them stays quick. */
const ROW = 36, SPARE = 12;

function Findings(data) {
  const f = data.findings, n = f.rule.length;
  const haystacks = new Array(n);
  const ruleTexts = data.rules.map((rule) => (rule.id + " " + rule.title).toLowerCase());
  const state = {words: [], severity: new Set(), status: new Set(), category: "", environment: "", framework: "", control: null,
    entity: 0, order: "severity"};
  let rows = [], first = -1, last = -1, body = null, listener = () => {};

  const haystack = (i) => haystacks[i] || (haystacks[i] = ruleTexts[f.rule[i]] + "\n"
    + (f.entity[i] ? data.entities[f.entity[i] - 1][0].toLowerCase() : "") + "\n"
    + (f.path[i] ? data.paths[f.path[i] - 1][0].toLowerCase() : "") + "\n" + f.message[i].toLowerCase());

  /* Of the rules, those that the choices about rules let through. */
  const rulesWanted = () => data.rules.map((rule, r) => (!state.category || rule.category === state.category)
    && (!state.framework || state.frameworkRules.has(r)) && (!state.control || state.control.rules.includes(r)));

  const keys = {
    severity: (i) => -(f.status[i] === FAIL ? 10 : 0) - f.severity[i],
    status: (i) => f.status[i],
    rule: (i) => f.rule[i],
    resource: (i) => f.entity[i] ? data.entities[f.entity[i] - 1][0] : "",
    place: (i) => f.path[i] ? data.paths[f.path[i] - 1][0] : "",
  };

  function select() {
    const wanted = rulesWanted(), words = state.words, list = [];
    for (let i = 0; i < n; i++) {
      if (!wanted[f.rule[i]]) continue;
      if (state.severity.size > 0 && !state.severity.has(f.severity[i])) continue;
      if (state.status.size > 0 && !state.status.has(f.status[i])) continue;
      if (state.environment !== "" && f.environment[i] !== state.environment) continue;
      if (state.entity && f.entity[i] !== state.entity) continue;
      if (words.length > 0) {
        const text = haystack(i);
        if (!words.every((word) => text.includes(word))) continue;
      }
      list.push(i);
    }
    const key = keys[state.order], values = new Array(n);
    for (const i of list) values[i] = key(i);
    list.sort((a, b) => values[a] < values[b] ? -1 : values[a] > values[b] ? 1 : a - b);
    return list;
  }

  function row(at) {
    const i = rows[at], entity = f.entity[i] ? data.entities[f.entity[i] - 1][0] : "", place = placeText(data, f.path[i], f.line[i]);
    const rule = data.rules[f.rule[i]];
    return el("tr", {"aria-rowindex": at + 2}, el("td", {}, badge(SEVERITIES[f.severity[i]])), el("td", {}, STATUSES[f.status[i]]),
      el("td", {}, rule.id),
      el("td", {}, el("button", {type: "button", class: "plain", "data-at": at, title: rule.title + ": " + f.message[i],
        onclick: () => showDetails(data, i)}, f.message[i] || rule.title)),
      el("td", {title: entity}, entity), el("td", {class: "path", title: place}, clipLeft(place, 34)));
  }

  function space(height) {
    const cell = el("td", {colspan: 6});
    cell.style.height = height + "px";
    return el("tr", {class: "space", "aria-hidden": "true"}, cell);
  }

  function draw(from, to) {
    if (from === first && to === last) return;
    first = from;
    last = to;
    const shown = [space(from * ROW)];
    for (let at = from; at < to; at++) shown.push(row(at));
    shown.push(space((rows.length - to) * ROW));
    body.replaceChildren(...shown);
  }

  function drawView() {
    const list = byId("list"), from = Math.max(0, Math.floor(list.scrollTop / ROW) - SPARE);
    const from8 = from - from % 8;
    draw(from8, Math.min(rows.length, from8 + Math.ceil(list.clientHeight / ROW) + 2 * SPARE + 8));
  }

  function focusRow(at) {
    const list = byId("list");
    if (at < 0 || at >= rows.length) return;
    if (at * ROW < list.scrollTop) list.scrollTop = at * ROW;
    if ((at + 2) * ROW > list.scrollTop + list.clientHeight) list.scrollTop = (at + 2) * ROW - list.clientHeight;
    drawView();
    const button = body.querySelector("[data-at='" + at + "']");
    if (button) button.focus({preventScroll: true});
  }

  function heading(name, text) {
    return el("th", {scope: "col", "data-order": name, class: name === "place" ? "path" : null},
      el("button", {type: "button", onclick: () => set({order: name})}, text));
  }

  function build() {
    body = el("tbody");
    byId("list").append(el("table", {id: "rows"}, el("colgroup", {}, el("col", {class: "severity"}), el("col", {class: "status"}),
      el("col", {class: "rule"}), el("col", {class: "text"}), el("col", {}), el("col", {class: "path"})),
    el("thead", {}, el("tr", {"aria-rowindex": 1}, heading("severity", "Severity"), heading("status", "Status"), heading("rule", "Rule"),
      el("th", {scope: "col"}, "What is wrong"), heading("resource", "Resource"), heading("place", "Place"))), body));
    byId("list").addEventListener("scroll", drawView, {passive: true});
    byId("list").addEventListener("keydown", (event) => {
      const at = event.target.dataset ? event.target.dataset.at : undefined;
      if (at === undefined || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
      event.preventDefault();
      focusRow(Number(at) + (event.key === "ArrowDown" ? 1 : -1));
    });
    window.addEventListener("resize", drawView);
  }

  function show() {
    rows = select();
    first = last = -1;
    byId("list").scrollTop = 0;
    byId("rows").setAttribute("aria-rowcount", rows.length + 1);
    for (const cell of document.querySelectorAll("#rows th[data-order]"))
      cell.setAttribute("aria-sort", cell.dataset.order === state.order ? (state.order === "severity" ? "descending" : "ascending") : "none");
    byId("count").textContent = rows.length === n ? plural(n, "finding") : number(rows.length) + " of " + plural(n, "finding");
    drawView();
    listener(state);
  }

  function set(change) {
    Object.assign(state, change);
    if (change.framework !== undefined)
      state.frameworkRules = new Set(state.framework === "" ? [] : data.frameworks[state.framework].controls.flatMap((c) => c.rules));
    show();
  }

  /* Forgets what was chosen before: for links from elsewhere in the page. */
  function only(wanted) {
    set({words: [], severity: new Set(wanted.severity || []), status: new Set(wanted.status || []), category: "", environment: "",
      framework: "", control: wanted.control || null, entity: wanted.entity || 0});
    byId("findings").scrollIntoView();
  }

  return {build, set, only, state, onChange: (fn) => { listener = fn; }, drawAll: (most) => draw(0, Math.min(rows.length, most)),
    drawView, total: () => rows.length};
}

/* The form above the list. */
function bindFilters(data, findings) {
  const boxes = (at, names, key) => names.forEach(([value, text]) => byId(at).append(el("label", {},
    el("input", {type: "checkbox", value, onchange: () => findings.set({[key]:
      new Set([...byId(at).querySelectorAll("input:checked")].map((box) => Number(box.value)))})}), text)));
  boxes("by-severity", [5, 4, 3, 2, 1].map((s) => [s, SEVERITIES[s]]), "severity");
  boxes("by-status", [FAIL, UNKNOWN, SUPPRESSED].concat(data.about.passes ? [PASS] : []).map((s) => [s, STATUSES[s]]), "status");
  const categories = [...new Set(data.rules.map((rule) => rule.category))].sort();
  options(byId("by-category"), [["", "all"]].concat(categories.map((c) => [c, c])));
  options(byId("by-environment"), [["", "all"]].concat(data.about.environments.map((e, i) => [i, environmentName(e)])));
  options(byId("by-framework"), [["", "all"]].concat(data.frameworks.map((f, i) => [i, f.id])));
  byId("by-category").addEventListener("change", (event) => findings.set({category: event.target.value}));
  byId("by-environment").addEventListener("change", (event) =>
    findings.set({environment: event.target.value === "" ? "" : Number(event.target.value)}));
  byId("by-framework").addEventListener("change", (event) => findings.set({framework: event.target.value}));
  byId("search").addEventListener("input", (event) =>
    findings.set({words: event.target.value.toLowerCase().split(/\s+/).filter((word) => word)}));
  byId("filters").addEventListener("submit", (event) => event.preventDefault());
  byId("reset").addEventListener("click", () => findings.only({}));
  findings.onChange((state) => {
    for (const [at, key] of [["by-severity", "severity"], ["by-status", "status"]])
      for (const box of byId(at).querySelectorAll("input")) box.checked = state[key].has(Number(box.value));
    byId("by-category").value = state.category;
    byId("by-environment").value = state.environment;
    byId("by-framework").value = state.framework;
    if (state.words.length === 0 && byId("search").value.trim() !== "") byId("search").value = "";
    byId("chips").replaceChildren();
    if (state.control)
      byId("chips").append(el("button", {type: "button", onclick: () => findings.set({control: null})}, "Control " + state.control.name + " ✕"));
    if (state.entity)
      byId("chips").append(el("button", {type: "button", onclick: () => findings.set({entity: 0})}, data.entities[state.entity - 1][0] + " ✕"));
  });
}

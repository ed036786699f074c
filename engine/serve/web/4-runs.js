/* Runs, and how the figures go. */
async function showRuns(params) {
  const data = await ask("runs", params);
  return [section("Runs" + (params.scope ? " of " + params.scope : ""), wide("Runs", table(
    ["Run", "Began", "Account or repository", "Failed", "New", "Reopened", "Fixed", "Undecided", "Errors", "Program"], data.items.map((r) => [
      el("a", {href: hash("/run", {id: r.id})}, number(r.id)), clock(r.started), el("a", {href: hash("/runs", {scope: r.scope})}, r.scope), number(r.fail),
      number(r.new), number(r.reopened), number(r.fixed), number(r.unknown), number(r.errors), r.tool]), [3, 4, 5, 6, 7, 8])), pages(data, "/runs", params))];
}

async function showRun(params) {
  const data = await ask("run", params), r = data.run;
  return [section("Run " + number(r.id) + " of " + r.scope,
    rowsOf([["Began", clock(r.started)], ["Ended", clock(r.finished)], ["Program", r.tool], ["Failed", number(r.fail)], ["Passed", number(r.pass)],
      ["Undecided", number(r.unknown)], ["Excepted", number(r.suppressed)], ["Errors", number(r.errors)]]),
    el("p", {id: "count"}, plural(data.total, "change")),
    wide("Changes", table(FINDING_HEAD, data.items.map((f) => findingRow(f, f.event)), [6])), pages(data, "/run", params))];
}

/* Points of a line: what is open in all scopes after each run. Of a scope its last run counts. */
function series(runs) {
  const last = new Map();
  return runs.map((run) => {
    last.set(run.scope, run.severities);
    const sum = {at: run.started, id: run.id};
    for (const name of GRAVEST_FIRST) sum[name] = 0;
    for (const of of last.values()) for (const name of GRAVEST_FIRST) sum[name] += of[name];
    return sum;
  });
}

function chart(points) {
  const W = 900, H = 250, left = 46, bottom = 24, top = 10, right = 10;
  const most = Math.max(1, ...points.flatMap((p) => GRAVEST_FIRST.map((name) => p[name])));
  const x = (i) => left + (points.length < 2 ? 0 : i * (W - left - right) / (points.length - 1));
  const y = (n) => top + (H - top - bottom) * (1 - n / most);
  const parts = [0, most / 2, most].map((n) => [svg("line", {class: "axis", x1: left, x2: W - right, y1: y(n), y2: y(n)}),
    svg("text", {x: left - 6, y: y(n) + 4, "text-anchor": "end"}, number(Math.round(n)))]);
  const ends = points.length > 1 ? [0, points.length - 1] : [0];
  ends.forEach((i) => parts.push(svg("text", {x: x(i), y: H - 6, "text-anchor": i === 0 ? "start" : "end"}, day(points[i].at))));
  for (const name of GRAVEST_FIRST) {
    const line = points.map((p, i) => x(i).toFixed(1) + "," + y(p[name]).toFixed(1)).join(" ");
    const shown = points.length > 60 ? [] : points;
    parts.push(svg("g", {class: name}, svg("polyline", {class: "line", points: line}), shown.map((p, i) =>
      svg("circle", {class: "dot", cx: x(i), cy: y(p[name]), r: 2.5}, svg("title", {}, clock(p.at) + ": " + number(p[name]) + " " + name)))));
  }
  return el("div", {class: "chart"}, el("ul", {}, GRAVEST_FIRST.map((name) => el("li", {class: name}, el("span", {class: "key"}), name))),
    svg("svg", {viewBox: "0 0 " + W + " " + H, role: "img", "aria-label": "Failures by severity, run by run"}, parts));
}

async function showTrends(params) {
  const [data, facets] = await Promise.all([ask("trend", {...params, most: 500}), ask("facets", {})]);
  const pick = choose("Account or repository", "scope", named(facets.scopes, "all"), params.scope);
  pick.addEventListener("change", (event) => { location.hash = address("/trends", {scope: event.target.value}); });
  const points = series(data.items);
  if (points.length === 0) return [section("Trends", el("p", {}, "There is no run yet."))];
  return [section("Trends", el("div", {class: "filters"}, pick), chart(points),
    el("details", {}, el("summary", {}, "The same as a table"), wide("Failures by severity, run by run", table(["Run", "Began", ...GRAVEST_FIRST],
      points.map((p) => [el("a", {href: hash("/run", {id: p.id})}, number(p.id)), clock(p.at), ...GRAVEST_FIRST.map((name) => number(p[name]))]), [2, 3, 4, 5, 6]))))];
}

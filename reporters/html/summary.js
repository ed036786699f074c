/* Figures, their way over the runs, and scores. */
function showAbout(data) {
  const a = data.about;
  byId("about").append("Compliance report of assay " + a.version + (a.generated ? ", " + a.generated : "") + ". "
    + plural(a.resources, "resource") + " in " + plural(a.files, "file") + ", " + plural(a.checks, "check") + ".");
}

function showCards(data, filter) {
  const a = data.about, cards = byId("cards");
  const card = (count, name, text, wanted) => cards.append(el("li", {},
    el("strong", {class: name}, number(count)), el("button", {type: "button", class: "plain", onclick: () => filter(wanted)}, text)));
  for (let s = 5; s > 0; s--)
    card(a.severities[s], SEVERITIES[s], SEVERITIES[s], {status: [FAIL], severity: [s]});
  card(a.counts[UNKNOWN], "unknown", "not decided", {status: [UNKNOWN]});
  card(a.counts[SUPPRESSED], "accepted", "excepted", {status: [SUPPRESSED]});
  if (a.passes) card(a.counts[PASS], "passed", "passed", {status: [PASS]});
  const worst = [5, 4, 3, 2, 1].find((s) => a.severities[s] > 0);
  byId("verdict").textContent = worst === undefined
    ? (a.counts[UNKNOWN] > 0 ? "Nothing fails; " + plural(a.counts[UNKNOWN], "check") + " could not be decided." : "Nothing fails.")
    : plural(a.counts[FAIL], "check") + (a.counts[FAIL] === 1 ? " fails" : " fail") + "; the worst is "
      + SEVERITIES[worst] + ". " + plural(a.counts[UNKNOWN], "check") + " could not be decided.";
}

function trendLine(runs, value, top, name) {
  const x = (i) => 40 + (runs.length === 1 ? 370 : i * 740 / (runs.length - 1)), y = (v) => 140 - v * 120 / top;
  const points = runs.map((run, i) => x(i).toFixed(1) + "," + y(value(run)).toFixed(1));
  const group = svg("g", {class: name},
    svg("polyline", {points: points.join(" "), fill: "none", stroke: "currentcolor", "stroke-width": 2}));
  if (runs.length <= 60)
    runs.forEach((run, i) => group.append(svg("circle", {cx: x(i), cy: y(value(run)), r: 3, fill: "currentcolor"},
      svg("title", {}, run.time + ": " + number(value(run))))));
  return group;
}

function showTrend(data) {
  const runs = data.runs, at = byId("trend");
  if (runs.length === 0) return;
  const worst = (run) => run.severities[4] + run.severities[5];
  const top = Math.max(1, ...runs.map((run) => run.fail));
  const first = runs[0], last = runs[runs.length - 1];
  at.append(el("h3", {}, "Over " + plural(runs.length, "run")),
    svg("svg", {viewBox: "0 0 800 170", role: "img", "aria-label": "Failed checks from " + first.fail + " on " + first.time
      + " to " + last.fail + " on " + last.time},
      svg("line", {x1: 40, x2: 780, y1: 140, y2: 140, stroke: "currentcolor", class: "soft"}),
      svg("text", {x: 34, y: 24, "text-anchor": "end"}, number(top)), svg("text", {x: 34, y: 144, "text-anchor": "end"}, "0"),
      svg("text", {x: 40, y: 160}, first.time.slice(0, 10)),
      svg("text", {x: 780, y: 160, "text-anchor": "end"}, last.time.slice(0, 10)),
      trendLine(runs, (run) => run.fail, top, "low"), trendLine(runs, worst, top, "critical")),
    el("p", {class: "soft"}, el("span", {class: "low"}, "● all that fails"), "  ", el("span", {class: "critical"}, "● critical and high")),
    el("details", {}, el("summary", {}, "The runs as a table"),
      table(["Run", "Fails", "Critical", "High", "Unknown", "New", "Fixed"], runs.slice().reverse().map((run) =>
        [run.time, number(run.fail), number(run.severities[5]), number(run.severities[4]), number(run.unknown),
          number(run.new), number(run.fixed)]), [1, 2, 3, 4, 5, 6])));
}

function showScores(data, choose) {
  const a = data.about, environments = a.environments, at = byId("scores");
  if (data.frameworks.length === 0 || !a.passes) {
    at.append(el("p", {class: "soft"}, a.passes ? "No control of a framework was checked."
      : "Scores need the checks that pass, and this scan did not keep them: use assay report, or --show-passed."));
    return;
  }
  at.append(table(["Framework", "Controls met", "Failed", "Unknown", "Met", "By hand"].concat(
    environments.map((name) => environmentName(name) + ": checks")),
  data.frameworks.map((f, i) => {
    const count = (...states) => f.controls.filter((c) => states.includes(c.state)).length;
    return [el("button", {type: "button", class: "plain", onclick: () => choose(i)}, f.name + " " + f.version), scoreCell(f.score),
      number(count("failed")), number(count("unknown")), number(count("passed", "accepted")), number(count("manual"))]
      .concat(f.environments.map((counts) => scoreCell(score(counts))));
  }), [2, 3, 4, 5]),
  el("p", {class: "soft"}, "Controls met: of those for which something was checked, the share where every check passes or has an "
    + "accepted exception. What could not be decided counts as not met."));
}

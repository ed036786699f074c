/* One finding: what, where, how it came about, what to do. */
function excerpt(data, f) {
  const parts = [];
  if (f.place && f.place.lines.length > 0) {
    const width = String(f.place.lines[f.place.lines.length - 1][0]).length;
    parts.push(el("pre", {tabindex: "0", role: "region", "aria-label": "Excerpt"}, f.place.lines.map(([nr, marked, text]) => [
      el("span", {class: marked ? "marked" : null}, el("span", {class: "nr"}, String(nr).padStart(width) + "  "), text), "\n"])));
  }
  if (f.place && f.place.op)
    parts.push(el("dl", {}, el("dt", {}, "Answer of"), el("dd", {}, f.place.op), el("dt", {}, "Time"), el("dd", {}, f.place.time),
      el("dt", {}, "SHA-256"), el("dd", {}, el("code", {}, f.place.sha256))));
  else if (f.path && f.path[1])
    parts.push(el("dl", {}, el("dt", {}, "SHA-256 of the file"), el("dd", {}, el("code", {}, f.path[1]))));
  return parts;
}

function evidence(data, f) {
  const list = f.more.evidence || [], trail = f.more.trail === undefined ? list.length : f.more.trail;
  const line = ([note, path, nr]) => el("li", {}, note, path ? el("span", {class: "soft"}, " " + placeText(data, path, nr)) : "");
  const parts = [];
  if (trail > 0) parts.push(el("h3", {}, "Where the value comes from"), el("ol", {}, list.slice(0, trail).map(line)));
  if (trail < list.length) parts.push(el("h3", {}, "How it comes about"), el("ol", {}, list.slice(trail).map(line)));
  return parts;
}

function showDetails(data, i) {
  const f = findingAt(data, i), dialog = byId("details"), s = f.more.suppression;
  const row = (name, value) => value ? [el("dt", {}, name), el("dd", {}, value)] : [];
  dialog.replaceChildren(
    el("div", {class: "top"}, el("h2", {id: "details-title"}, f.rule.id + " " + f.rule.title),
      el("button", {type: "button", onclick: () => dialog.close()}, "Close")),
    el("p", {}, badge(f.status === "fail" ? f.severity : f.status), " ", f.message),
    el("dl", {}, row("Resource", f.address), row("Kind", f.entity ? f.entity[1] + " (" + f.entity[2] + ")" : ""),
      row("Environment", f.environment), row("Account", f.entity ? f.entity[4] : ""), row("Region", f.entity ? f.entity[5] : ""),
      row("Where", f.path ? f.path[0] + (f.line ? ":" + f.line : "") : ""), row("Severity", f.severity), row("Category", f.rule.category),
      row("Frameworks", f.rule.frameworks.join(", ")), row("Also known as", (f.more.aliases || []).join(", ")),
      row("Fingerprint", f.fingerprint)),
    ...(s ? [el("h3", {}, "Exception"), el("dl", {}, row("Reason", s.reason || "none given"), row("Owner", s.owner || "nobody"),
      row("Ends", s.until || "never"), row("Said by", s.source))] : []),
    ...excerpt(data, f), ...evidence(data, f),
    ...(f.more.fixes && f.more.fixes.length > 0 ? [el("h3", {}, "Fix"), el("ul", {}, f.more.fixes.map((fix) => el("li", {}, fix)))] : []),
    ...(f.rule.description ? [el("h3", {}, "Why it matters"), ...prose(f.rule.description)] : []),
    ...(f.rule.remediation ? [el("h3", {}, "What to do"), ...prose(f.rule.remediation)] : []),
    ...(f.rule.references.length > 0 ? [el("h3", {}, "References"), el("ul", {}, f.rule.references.map((r) => el("li", {}, link(r))))] : []));
  if (!dialog.open) dialog.showModal();
}

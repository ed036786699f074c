/* Puts the page together. */
const PRINTED = 2000;

function bindTheme() {
  const root = document.documentElement, button = byId("theme");
  const set = (dark) => {
    root.dataset.theme = dark ? "dark" : "light";
    button.textContent = dark ? "Light" : "Dark";
  };
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  set(system.matches);
  system.addEventListener("change", (event) => set(event.matches));
  button.addEventListener("click", () => set(root.dataset.theme !== "dark"));
}

/* On paper everything that is folded stands open, and the list is whole as far as that is of use. */
function bindPrint(findings) {
  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("#control-list details:not([open])")];
    for (const node of opened) {
      node.openNow();
      node.open = true;
    }
    findings.drawAll(PRINTED);
    if (findings.total() > PRINTED)
      byId("count").append(el("span", {class: "print-note"}, " (the first " + number(PRINTED) + " are printed; the PDF report has all)"));
  });
  window.addEventListener("afterprint", () => {
    for (const node of opened) node.open = false;
    for (const note of document.querySelectorAll(".print-note")) note.remove();
    findings.drawView();
  });
}

function start() {
  const data = JSON.parse(byId("data").textContent);
  const findings = Findings(data), byRule = indexByRule(data);
  bindTheme();
  showAbout(data);
  showCards(data, findings.only);
  showTrend(data);
  showScores(data, showControls(data, byRule, findings.only));
  showExceptions(data);
  showUnknown(data, findings.only);
  showCoverage(data);
  findings.build();
  bindFilters(data, findings);
  findings.set({status: data.about.counts[FAIL] > 0 ? new Set([FAIL]) : new Set()});
  Picture(data, (entity) => findings.only({entity})).build();
  bindPrint(findings);
  document.body.dataset.ready = Math.round(performance.now()); /* milliseconds since the page was asked for */
}

document.addEventListener("DOMContentLoaded", start);

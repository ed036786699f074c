/* Shows what the address says. */
const VIEWS = {"/": showOverview, "/findings": showFindings, "/finding": showFinding, "/runs": showRuns, "/run": showRun, "/trends": showTrends};
let turn = 0;

async function show() {
  const {path, params} = here(), mine = ++turn, main = byId("main");
  let parts;
  try {
    const view = Object.hasOwn(VIEWS, path) ? VIEWS[path] : null;
    parts = view ? await view(params) : [section("Not found", el("p", {}, "There is no such page."))];
  } catch (problem) {
    parts = [section("That did not work", el("p", {role: "alert"}, problem.message))];
  }
  if (mine !== turn) return; /* somebody has gone on meanwhile */
  main.replaceChildren(...parts.flat(Infinity).filter((part) => part));
  for (const a of document.querySelectorAll("header nav a")) {
    if (a.getAttribute("href") === "#" + path) a.setAttribute("aria-current", "page");
    else a.removeAttribute("aria-current");
  }
  const title = main.querySelector("h2");
  document.title = "assay" + (title ? ": " + title.textContent : "");
  document.body.dataset.ready = location.hash || "#/";
}

function bindThemeButton() {
  const root = document.documentElement, button = byId("theme");
  const set = (dark) => {
    root.dataset.theme = dark ? "dark" : "light";
    button.textContent = dark ? "Light" : "Dark";
  };
  set(window.matchMedia("(prefers-color-scheme: dark)").matches);
  button.addEventListener("click", () => set(root.dataset.theme !== "dark"));
}

async function showReportLink() {
  byId("report-link").hidden = !(await ask("overview", {per_page: 1})).report;
}

bindThemeButton();
window.addEventListener("hashchange", show);
show();
showReportLink().catch(() => {}); /* the view says what is wrong */

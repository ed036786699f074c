// assay serve in Chromium: node serve.mjs ASSAY CHROMIUM [SCREENSHOTS]
//
// Every view draws what the API says, links lead on, filters narrow; nothing is said on the console, nothing is asked of
// another origin, hostile texts stay texts, and the token is asked for once.
import {execFileSync, spawn} from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import {accessible, assay, check, finish, launch, root, shot, work} from "./common.mjs";

const TOKEN = "correct-horse-battery-staple";
const history = path.join(work, "history.sqlite");

function audit(scope, ...args) {
  execFileSync(assay, ["audit", "--history", history, "--scope", scope, "-q", "--fail-on", "none", ...args], {cwd: root, stdio: "ignore"});
}

function serve(...args) {
  return new Promise((resolve, reject) => {
    const child = spawn(assay, ["serve", "--history", history, "--port", "0", ...args], {cwd: root, stdio: ["ignore", "ignore", "pipe"]});
    let said = "";
    child.stderr.on("data", (piece) => {
      said += piece;
      const url = said.match(/http:\/\/\S+:\d+\//);
      if (url) resolve({url: url[0], child});
    });
    child.on("exit", (code) => reject(new Error("assay serve ended with " + code + ": " + said)));
  });
}

function stop(server) {
  return new Promise((resolve) => {
    server.child.removeAllListeners("exit");
    server.child.on("exit", (code) => resolve(code));
    server.child.kill("SIGTERM");
  });
}

async function open(context, url, hash) {
  const page = await context.newPage();
  page.said = [];
  page.on("console", (message) => page.said.push(message.text()));
  page.on("pageerror", (error) => page.said.push(error.message));
  page.on("dialog", (dialog) => { page.said.push("dialog " + dialog.message()); dialog.dismiss(); });
  page.on("request", (request) => { if (!request.url().startsWith(url)) page.said.push("loads " + request.url()); });
  await page.goto(url + hash);
  await ready(page, hash || "#/");
  return page;
}

async function ready(page, hash) {
  await page.waitForFunction((want) => (document.body.dataset.ready || "").startsWith(want), hash, {timeout: 10000});
}

async function quiet(page, name) {
  check(name + ": console", page.said.length === 0, page.said.join("\n    "));
  await page.close();
}

const api = async (server, what) => (await fetch(server.url + "api/" + what)).json();
const total = async (page) => Number((await page.textContent("#count")).replace(/[^0-9]/g, ""));

async function views(browser, server) {
  for (const colorScheme of ["light", "dark"]) {
    const context = await browser.newContext({viewport: {width: 1280, height: 900}, colorScheme});
    for (const [name, hash] of [["overview", "#/"], ["findings", "#/findings"], ["trends", "#/trends"], ["runs", "#/runs"], ["run", "#/run?id=1"], ["runs of one", "#/runs?scope=demo"]]) {
      const page = await open(context, server.url, hash);
      check(name + " has a title", await page.locator("main h2").count() > 0);
      check(name + " has rows", await page.locator("main tbody tr").count() > 0 || name === "trends");
      await accessible(page, name + " " + colorScheme);
      await shot(page, "serve-" + name + "-" + colorScheme);
      await quiet(page, name + " " + colorScheme);
    }
    await context.close();
  }
}

async function ways(context, server) {
  const page = await open(context, server.url, "#/");
  const overview = await api(server, "overview");
  const shown = await page.locator(".cards li strong").allTextContents();
  check("cards say what the API says", shown[0] === String(overview.severities.critical), shown.join(" "));
  await page.locator(".cards a", {hasText: "critical"}).click();
  await ready(page, "#/findings");
  check("a card leads to its findings", await total(page) === overview.severities.critical, await total(page));
  check("and to no others", (await page.locator("main tbody .badge").allTextContents()).every((text) => text === "critical"));
  await page.selectOption("select[name=severity]", "");
  await ready(page, "#/findings?state=open&order=severity");
  await page.fill("input[name=text]", "aws_s3_bucket");
  await page.keyboard.press("Enter");
  await ready(page, "#/findings?text=aws_s3_bucket");
  const found = await api(server, "findings?state=open&text=aws_s3_bucket");
  check("a search narrows", await total(page) === found.total && found.total > 0, await total(page) + " of " + found.total);
  await page.goBack();
  await ready(page, "#/findings?state=open&order=severity");
  check("back goes back", (await page.inputValue("input[name=text]")) === "");
  await page.goto(server.url + "#/findings?state=any&scope=demo");
  await ready(page, "#/findings?state=any&scope=demo");
  await page.locator("main tbody a").first().click();
  await ready(page, "#/finding?");
  const text = await page.textContent("main");
  check("a finding says why, where and what to do", ["Why it matters", "What to do", "Where", "What became of it", "new, run 1"].every((t) => text.includes(t)), text.slice(0, 400));
  await accessible(page, "finding");
  await shot(page, "serve-finding");
  await page.locator("main a", {hasText: "run 1"}).click();
  await ready(page, "#/run?");
  check("and leads to its run", (await page.textContent("main h2")).startsWith("Run 1 of "), await page.textContent("main h2"));
  await page.goto(server.url + "#/no/such");
  await ready(page, "#/no/such");
  check("what is not there is said", (await page.textContent("main h2")) === "Not found");
  await page.goto(server.url + "#/run?id=9999");
  await page.locator("main [role=alert]").waitFor();
  check("an error is said", (await page.textContent("main [role=alert]")).includes("no such run"));
  page.said = page.said.filter((line) => !line.includes("status of 404"));
  await quiet(page, "ways");
}

async function trend(context, server) {
  const page = await open(context, server.url, "#/trends");
  const points = await page.locator(".chart .high .line").getAttribute("points");
  const runs = await api(server, "trend?most=500");
  check("a point a run", points.split(" ").length === runs.items.length, points);
  await page.selectOption("select[name=scope]", "shop");
  await ready(page, "#/trends?scope=shop");
  const heights = (await page.locator(".chart .medium .line").getAttribute("points")).split(" ").map((p) => Number(p.split(",")[1]));
  check("more findings stand higher", heights.length === 2 && heights[1] < heights[0], heights.join(" "));
  await quiet(page, "trend");
}

async function report(context, server) {
  const page = await open(context, server.url, "#/");
  await page.locator("#report-link").click();
  await page.waitForSelector("body[data-ready]");
  check("the attack path is drawn", await page.locator("#picture-frame .node").count() === 5);
  check("with its steps", (await page.textContent("#picture-note")).startsWith("Certain: exposes"), await page.textContent("#picture-note"));
  await quiet(page, "report");
  const found = (await api(server, "findings?scope=trading&text=" + encodeURIComponent("public entry"))).items[0];
  const one = await open(context, server.url, "#/finding?scope=trading&fingerprint=" + found.fingerprint);
  check("a finding of the result has its lines", (await one.locator("main pre .marked").count()) > 0);
  check("and its evidence", (await one.textContent("main")).includes("How it comes about"));
  check("the report is linked from everywhere", await one.locator("#report-link").isVisible());
  await accessible(one, "evidence");
  await shot(one, "serve-evidence");
  await quiet(one, "evidence");
}

async function hostile(browser) {
  const bad = "</script><script>alert(1)</script><img src=x onerror=alert(2)>";
  const dir = path.join(work, "hostile");
  fs.mkdirSync(dir);
  fs.writeFileSync(path.join(dir, "main.tf"), 'resource "acme_bucket" "hostile" {\n  acl = ' + JSON.stringify(bad) + "\n}\n");
  audit(bad, "--rules", "testdata/report/rules", "--rule", "T-*", dir);
  const server = await serve("--rules", "testdata/report/rules");
  const context = await browser.newContext();
  const found = (await api(server, "findings?text=script")).items[0];
  check("the hostile finding is there", found && found.message.includes(bad) && found.scope === bad, JSON.stringify(found));
  for (const hash of ["#/", "#/findings?text=script", "#/findings?text=" + encodeURIComponent(bad), "#/runs", "#/trends", "#/runs?scope=" + encodeURIComponent(bad),
    "#/finding?fingerprint=" + found.fingerprint + "&scope=" + encodeURIComponent(bad), "#/" + encodeURIComponent(bad), "#/__proto__", "#/constructor"]) {
    const page = await open(context, server.url, hash);
    check("no image of theirs: " + hash, await page.locator("main img, main script").count() === 0);
    await quiet(page, "hostile " + hash);
  }
  await context.close();
  check("it ends", await stop(server) === 0);
}

async function token(browser) {
  fs.writeFileSync(path.join(work, "token"), TOKEN + "\n");
  const server = await serve("--token-file", path.join(work, "token"));
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(server.url);
  check("the form is shown", new URL(page.url()).pathname === "/login");
  await accessible(page, "login");
  await shot(page, "serve-login");
  await page.fill("input[name=token]", "wrong wrong wrong");
  await page.getByRole("button", {name: "Log in"}).click();
  await page.locator("[role=alert]").waitFor();
  await page.fill("input[name=token]", TOKEN);
  await page.getByRole("button", {name: "Log in"}).click();
  await ready(page, "#/");
  check("the token opens", await page.locator(".cards li").count() > 0);
  const cookie = (await context.cookies()).find((c) => c.name === "assay_session");
  check("the cookie is kept from scripts and other sites", cookie.httpOnly && cookie.sameSite === "Strict", JSON.stringify(cookie));
  check("and does not hold the token", !cookie.value.includes(TOKEN) && !(await page.evaluate(() => document.cookie)).includes("assay"));
  await context.clearCookies();
  await page.goto(server.url + "#/runs");
  await page.waitForURL(/login/);
  check("without it the form again", true);
  await context.close();
  check("it ends", await stop(server) === 0);
}

fs.mkdirSync(path.join(work, "infra"));
const shop = (n) => fs.writeFileSync(path.join(work, "infra/main.tf"), Array.from({length: n}, (_, i) => `resource "aws_s3_bucket" "b${i}" {}\n`).join(""));
audit("demo", "testdata/demo");
audit("trading", "testdata/paths/trading");
shop(1);
audit("shop", path.join(work, "infra"));
shop(5);
audit("shop", path.join(work, "infra"));
const browser = await launch();
try {
  const server = await serve("--result", "testdata/paths/trading");
  const context = await browser.newContext({viewport: {width: 1280, height: 900}});
  await views(browser, server);
  await ways(context, server);
  await trend(context, server);
  await report(context, server);
  await context.close();
  check("it ends", await stop(server) === 0);
  await hostile(browser);
  await token(browser);
} finally {
  await browser.close();
}
finish();

// What the tests in a browser have in common: node TEST.mjs ASSAY CHROMIUM [SCREENSHOTS]
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import {createRequire} from "node:module";
import {chromium} from "playwright-core";

const [program, executablePath, shots] = process.argv.slice(2);
const axe = fs.readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
let passed = 0, failed = 0;

export const assay = program;
export const root = path.resolve(import.meta.dirname, "../..");
export const work = fs.mkdtempSync(path.join(os.tmpdir(), "assay-browser-"));

export function launch() {
  return chromium.launch({executablePath, args: ["--no-sandbox"]});
}

export function check(name, ok, detail) {
  if (ok) passed++;
  else {
    failed++;
    console.log("FAILED " + name + (detail === undefined ? "" : "\n    " + detail));
  }
}

export async function shot(page, name) {
  if (shots) await page.screenshot({path: path.join(shots, name + ".png"), fullPage: true});
}

export async function accessible(page, name) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => axe.run());
  const serious = found.violations.filter((v) => v.impact === "serious" || v.impact === "critical");
  check(name + ": axe", serious.length === 0, serious.map((v) => v.id + ": " + v.nodes[0].html).join("\n    "));
}

export function finish() {
  fs.rmSync(work, {recursive: true});
  console.log(passed + " passed, " + failed + " failed");
  process.exit(failed > 0 || passed === 0 ? 1 : 0);
}

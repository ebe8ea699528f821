// Looks at pages as Lighthouse does, as a signed-in person on a throttled phone. Reads what to do from standard input.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const asked = JSON.parse(readFileSync(0, "utf8"));
const require = createRequire(pathToFileURL(`${asked.modules}/`));
const { default: lighthouse } = await import(pathToFileURL(require.resolve("lighthouse")).href);
const launcher = await import(pathToFileURL(createRequire(require.resolve("lighthouse")).resolve("chrome-launcher")).href);

// A look sometimes fails in Lighthouse or Chromium itself (NO_NAVSTART: no start of the page in the trace); then it is made again.
const MOST_LOOKS = 4;

const found = [];
for (const page of asked.pages) {
  let seen;
  const failed = [];
  for (let number = 1; number <= MOST_LOOKS; number += 1) {
    seen = await look(page);
    if (!seen.trouble) break;
    failed.push(seen.failed);
  }
  found.push({ ...seen, again: failed });
}
console.log(JSON.stringify(found));

async function look (page) {
  // A browser of its own for each look: one that has been given cookies would send those, and not the session.
  const chrome = await launcher.launch({ chromePath: asked.chromium, chromeFlags: asked.flags });
  try {
    const settings = {
      onlyCategories: ["performance", "accessibility"],
      extraHeaders: page.cookie ? { Cookie: page.cookie } : {},
      formFactor: "mobile",
      throttlingMethod: asked.throttling,
      maxWaitForLoad: 30000,
    };
    const { lhr } = await lighthouse(page.url, { port: chrome.port, logLevel: "error" }, { extends: "lighthouse:default", settings });
    const number = (name) => lhr.audits[name]?.numericValue ?? null;
    const faults = Object.values(lhr.audits)
      .filter((audit) => audit.score !== null && audit.score < 0.9 && audit.scoreDisplayMode !== "informative")
      .map((audit) => audit.id);
    return {
      name: page.name,
      trouble: lhr.runtimeError?.message ?? "",
      failed: lhr.runtimeError?.code ?? "",
      ended: lhr.finalDisplayedUrl,
      performance: Math.round((lhr.categories.performance.score ?? 0) * 100),
      accessibility: Math.round((lhr.categories.accessibility.score ?? 0) * 100),
      fcp: number("first-contentful-paint"),
      lcp: number("largest-contentful-paint"),
      tbt: number("total-blocking-time"),
      cls: number("cumulative-layout-shift"),
      si: number("speed-index"),
      version: lhr.lighthouseVersion,
      faults,
    };
  } finally {
    await chrome.kill();
  }
}

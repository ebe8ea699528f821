// Looks at pages as Lighthouse does, as a signed-in person on a throttled phone. Reads what to do from standard input.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const asked = JSON.parse(readFileSync(0, "utf8"));
const require = createRequire(pathToFileURL(`${asked.modules}/`));
const { default: lighthouse } = await import(pathToFileURL(require.resolve("lighthouse")).href);
const launcher = await import(pathToFileURL(createRequire(require.resolve("lighthouse")).resolve("chrome-launcher")).href);

const found = [];
for (const page of asked.pages) {
  // A browser of its own for each page: one that has been given cookies would send those, and not the session.
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
    found.push({
      name: page.name,
      trouble: lhr.runtimeError?.message ?? "",
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
    });
  } finally {
    await chrome.kill();
  }
}
console.log(JSON.stringify(found));

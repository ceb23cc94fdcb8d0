// Looks at pages and pictures in Chromium, as their readers do: wide and narrow, light
// and dark, and on paper. What is wrong it prints, a line each; then it exits with 1.
//   node look.js [--shots DIR] [--lights] FILE…
// --shots keeps what was seen, --lights tries the fields of a header.
import { readFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { createRequire } from "node:module";
import { parseArgs } from "node:util";
import { launch } from "./browser.js";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const { values: options, positionals: files } = parseArgs({
  options: { shots: { type: "string" }, lights: { type: "boolean" } },
  allowPositionals: true,
});
const { shots, lights } = options;

// How a page is looked at; axe need not see again what it has seen in the same colours and
// the same layout.
const looks = [
  { name: "wide-light", width: 1280, scheme: "light" },
  { name: "wide-dark", width: 1280, scheme: "dark" },
  { name: "narrow-light", width: 400, scheme: "light" },
  { name: "narrow-dark", width: 400, scheme: "dark", seenBefore: true },
  { name: "print", width: 794, scheme: "dark", media: "print" },
  { name: "hall", width: 1280, scheme: "light", letters: "#size-3", seenBefore: true },
  { name: "narrow-hall", width: 400, scheme: "light", letters: "#size-3", seenBefore: true },
];
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

let faults = 0;
const fault = (file, look, text) => {
  faults++;
  console.log(`${basename(file)}, ${look.name}: ${text}`);
};

// open opens a file in a window of its own.
async function open(browser, file, look, more = {}) {
  const context = await browser.newContext({
    viewport: { width: look.width, height: 900 },
    colorScheme: look.scheme,
    ...more,
  });
  const page = await context.newPage();
  const url = pathToFileURL(resolve(file)).href;
  page.on("console", (m) => ["error", "warning"].includes(m.type()) && fault(file, look, `console: ${m.text()}`));
  page.on("pageerror", (e) => fault(file, look, `error: ${e.message}`));
  page.on("request", (r) => r.url() !== url && fault(file, look, `asks for ${r.url()}`));
  await page.emulateMedia({ media: look.media ?? "screen", colorScheme: look.scheme });
  await page.goto(url);
  if (look.letters && (await page.locator(look.letters).count())) await page.check(look.letters);
  return { context, page };
}

// overflow tells how far a page is wider than its window, and why.
const overflow = () => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return "";
  const wide = [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > width + 1);
  const last = wide.at(-1);
  return `${document.documentElement.scrollWidth} pixels wide: ${last?.tagName} ${last?.getAttribute("class")} "${last?.textContent.slice(0, 40)}"`;
};

// overlaps finds texts of a picture that lie on each other, or beyond it.
const overlaps = () => {
  const picture = document.documentElement.getBoundingClientRect();
  const found = [];
  const list = [...document.querySelectorAll("text")].map((e) => ({ text: e.textContent, box: e.getBoundingClientRect() }));
  list.forEach(({ text, box }, i) => {
    if (box.left < picture.left - 1 || box.right > picture.right + 1) found.push(`"${text.slice(0, 40)}" stands beyond the picture`);
    for (const other of list.slice(0, i)) {
      const width = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
      const height = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top);
      if (width > 1 && height > 5) found.push(`"${text.slice(0, 40)}" lies on "${other.text.slice(0, 40)}"`);
    }
  });
  return found;
};

// lit counts what is lit up, after something was done.
const lit = () => {
  const color = getComputedStyle(document.documentElement).getPropertyValue("--lit").trim();
  const wanted = color.match(/\w\w/g).map((h) => parseInt(h, 16)).join(", ");
  return [...document.querySelectorAll(".header .f")].filter((e) => getComputedStyle(e).backgroundColor === `rgb(${wanted})`).length;
};

// checkLights: a field of a header, its bits and its bytes light up together, by the
// mouse and by the keyboard.
async function checkLights(page, file, look) {
  const header = page.locator(".header").first();
  const field = header.locator("label.f2");
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.mouse.move(0, 0);
  let n = await page.evaluate(lit);
  if (n !== 0) fault(file, look, `${n} parts are lit without a cause`);
  const want = await header.locator(".f2").count();
  if (want !== 6) fault(file, look, `the sequence number has ${want} parts, not its box, four bytes and a row`);
  await field.hover();
  if ((n = await page.evaluate(lit)) !== want) fault(file, look, `hovered over the sequence number, ${n} parts are lit, not ${want}`);
  await page.mouse.move(0, 0);
  await header.locator(".bytes .f2").first().hover();
  if ((n = await page.evaluate(lit)) !== want) fault(file, look, `hovered over a byte of the sequence number, ${n} parts are lit, not ${want}`);
  await page.mouse.move(0, 0);
  await header.locator("input").first().focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  if ((n = await page.evaluate(lit)) !== want) fault(file, look, `two keys on from the first field, ${n} parts are lit, not ${want}`);
  await header.locator(".nothing input").check();
  await page.evaluate(() => document.activeElement.blur());
  if ((n = await page.evaluate(lit)) !== 0) fault(file, look, `${n} parts stay lit`);
}

const browser = await launch();
for (const file of files) {
  const isPicture = file.endsWith(".svg");
  for (const look of isPicture ? looks.slice(0, 1) : looks) {
    const { context, page } = await open(browser, file, look);
    if (isPicture) for (const text of await page.evaluate(overlaps)) fault(file, look, text);
    else {
      const text = await page.evaluate(overflow);
      if (text) fault(file, look, text);
      if (lights && look.name === "wide-light") await checkLights(page, file, look);
    }
    if (shots) await page.screenshot({ path: `${shots}/${basename(file)}-${look.name}.png`, fullPage: true });
    if (shots && look.media) await page.pdf({ path: `${shots}/${basename(file)}.pdf`, format: "A4" });
    await context.close();
    if (isPicture || look.media || look.seenBefore) continue;
    const test = await open(browser, file, look, { bypassCSP: true });
    if (lights) await test.page.locator(".header label.f2 input").first().check();
    await test.page.evaluate(axe);
    const { violations } = await test.page.evaluate((values) => window.axe.run({ runOnly: { type: "tag", values } }), rules);
    for (const v of violations) fault(file, look, `${v.id}: ${v.help}: ${v.nodes.length} × ${v.nodes[0].html.slice(0, 160)} ${v.nodes[0].failureSummary?.split("\n")[1] ?? ""}`);
    await test.context.close();
  }
}
await browser.close();
process.exit(faults > 0 ? 1 : 0);

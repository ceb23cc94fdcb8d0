// The programs of the reference (explain programs), in Python and in Go; the line that
// makes the present call is lit.
import { byId, el } from "./dom.js";
import { PROGRAMS } from "./tables.js";

/** @type {any} */ const language = el("select", { "aria-label": "language" }, ...Object.keys(PROGRAMS).map((name) => el("option", {}, name)));
/** @type {[HTMLElement, string, string[]][]} lines with their side and calls */ let lines = [];
let scrolled = -1; // where the reader was before a line was shown

/** Writes both programs down. */
export function drawPrograms() {
  lines = [];
  const part = (side) => {
    const code = el("pre", { class: "code", tabindex: "0" });
    for (const [text, calls = ""] of PROGRAMS[language.value][side].split("\n").map((line) => line.split("|"))) {
      const line = el("span", {}, text);
      lines.push([line, side, calls.split(" ")]);
      code.append(line, "\n");
    }
    return el("div", {}, el("h2", {}, side), code);
  };
  language.onchange = drawPrograms;
  byId("program").replaceChildren(language, el("div", { class: "two" }, part("client"), part("server")));
}

/** Lights the line that makes a call.
 * @param {Moment} m */
export function lightCall(m) {
  const making = lines.filter(([, side, calls]) => m.kind === "call" && side === m.row["lab.role"] && calls.includes(m.row["lab.call"]));
  const [on] = making[Math.min(m.nth, making.length) - 1] ?? [], aside = byId("program").parentElement;
  for (const [line] of lines) {
    line.classList.toggle("on", line === on);
    line.ariaCurrent = line === on ? "true" : null;
  }
  if (on && scrolled < 0) scrolled = aside.scrollTop;
  if (on) aside.scrollTop = on.offsetTop - aside.clientHeight / 2;
  else if (scrolled >= 0) [aside.scrollTop, scrolled] = [scrolled, -1];
}

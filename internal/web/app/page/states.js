// The state diagram of RFC 9293 §3.3.2 (figure 5) for both ends, and the numbers of
// both ends (§3.3.1).
import { byId, el, svg } from "./dom.js";

/** @type {Record<string, [number, number]>} */
const PLACES = {
  "CLOSED": [200, 20], "LISTEN": [90, 75], "SYN-SENT": [310, 75], "SYN-RECEIVED": [90, 130], "ESTABLISHED": [200, 160],
  "FIN-WAIT-1": [90, 205], "CLOSE-WAIT": [310, 205], "FIN-WAIT-2": [40, 260], "CLOSING": [160, 260], "LAST-ACK": [310, 260], "TIME-WAIT": [90, 310],
};
const ARROWS = {
  "CLOSED": "LISTEN SYN-SENT", "LISTEN": "CLOSED SYN-RECEIVED SYN-SENT", "SYN-SENT": "CLOSED SYN-RECEIVED ESTABLISHED", "SYN-RECEIVED": "LISTEN ESTABLISHED FIN-WAIT-1", "ESTABLISHED": "FIN-WAIT-1 CLOSE-WAIT", "FIN-WAIT-1": "FIN-WAIT-2 CLOSING", "FIN-WAIT-2": "TIME-WAIT", "CLOSING": "TIME-WAIT", "CLOSE-WAIT": "LAST-ACK", "LAST-ACK": "CLOSED", "TIME-WAIT": "CLOSED",
};
/** Where the two long ways back to CLOSED bend.
 * @type {Record<string, string>} */
const BENDS = { "LAST-ACK": "M358 260C392 220 392 60 248 22", "TIME-WAIT": "M138 312C250 330 398 330 394 200C392 90 330 40 248 18" };

/** The point of a state's box on the way to another one.
 * @param {string} from @param {string} to @returns {[number, number]} */
function edge(from, to) {
  const [x, y] = PLACES[from], [tx, ty] = PLACES[to], dx = tx - x, dy = ty - y;
  const k = Math.min(dx ? 49 / Math.abs(dx) : Infinity, dy ? 12 / Math.abs(dy) : Infinity);
  return [x + dx * k, y + dy * k];
}

export function drawDiagram() {
  const picture = svg("svg", { class: "diagram", viewBox: "-10 5 412 325", role: "img", "aria-label": "State diagram of a TCP connection" });
  picture.append(svg("defs", {}, svg("marker", { id: "tip", viewBox: "0 0 8 8", refX: 8, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto" }, svg("path", { d: "M0 0L8 4L0 8z", class: "tip" }))));
  for (const [from, list] of Object.entries(ARROWS)) for (const to of list.split(" ")) {
    const [x1, y1] = edge(from, to), [x2, y2] = edge(to, from);
    picture.append(svg("path", { d: (to === "CLOSED" && BENDS[from]) || `M${x1} ${y1}L${x2} ${y2}`, "marker-end": "url(#tip)" }));
  }
  for (const [name, [x, y]] of Object.entries(PLACES)) {
    const text = svg("text", { x, y: y + 4 });
    text.textContent = name;
    picture.append(svg("g", { "data-state": name }, svg("rect", { x: x - 48, y: y - 11, width: 96, height: 22, rx: 4 }), text));
  }
  byId("diagram").replaceChildren(el("h2", {}, "States"), picture, el("p", { id: "where" }));
}

/** Lights the states of both ends.
 * @param {Moment|undefined} m */
export function lightStates(m) {
  const row = m?.row;
  const box = byId("diagram");
  for (const side of ["client", "server"]) {
    for (const e of box.querySelectorAll(`g.${side}`)) e.classList.remove(side);
    const state = row?.[`lab.${side}_state`];
    if (state) box.querySelector(`g[data-state="${state}"]`)?.classList.add(side);
  }
  const name = (side) => row?.[`lab.${side}_state`] ? row[`lab.${side}_state`] + (row[`lab.${side}_proved`] ? "" : " (assumed)") + (m?.kernel?.[side] ? `, kernel: ${m.kernel[side]}` : "") : "not known";
  byId("where").replaceChildren(el("span", { class: "x" }, `client: ${name("client")}`), "  ", el("span", { class: "y" }, `server: ${name("server")}`));
}

const NUMBERS = ["SND.UNA", "SND.NXT", "SND.WND", "RCV.NXT", "RCV.WND"];

export function drawNumbers(row, before) {
  const table = el("table", { class: "vars" }, el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "number"), el("th", { scope: "col" }, "client"), el("th", { scope: "col" }, "server"))));
  const body = el("tbody");
  for (const name of NUMBERS) {
    const key = name.toLowerCase().replace(".", "_"), line = el("tr", {}, el("th", { scope: "row" }, name));
    for (const side of ["client", "server"]) {
      const value = row?.[`lab.${side}_${key}`];
      line.append(el("td", value !== undefined && before && before[`lab.${side}_${key}`] !== value ? { class: "new" } : {}, value === undefined ? "–" : String(value)));
    }
    body.append(line);
  }
  table.append(body);
  byId("ends").replaceChildren(el("h2", {}, "Numbers of both ends"), table);
}

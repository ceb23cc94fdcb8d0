// The header as a grid of 32 bits a row: a field, its bits and its bytes light up
// together, and what changed since the segment before is marked.
import { byId, el } from "./dom.js";
import { FIELDS, OPTIONS } from "./tables.js";

const bytesOf = (hex) => (hex?.match(/../g) ?? []).map((b) => parseInt(b, 16));
const bitAt = (bytes, bit) => bytes[bit >> 3] >> (7 - bit % 8) & 1;
const bitsOf = (bytes, [, first, last]) => Array.from({ length: last - first + 1 }, (_, i) => bitAt(bytes, first + i)).join("");

/** The fields of a header, options among them.
 * @param {number[]} bytes @returns {[string, number, number][]} */
function fieldsOf(bytes) {
  const fields = FIELDS.filter(([, , last]) => last < bytes.length * 8);
  for (let at = 20; at < bytes.length;) {
    const kind = bytes[at], length = kind < 2 ? 1 : Math.max(2, bytes[at + 1] || 2);
    const end = Math.min(bytes.length, at + length);
    fields.push([OPTIONS[kind] ?? `option ${kind}`, at * 8, end * 8 - 1]);
    if (kind === 0 && end < bytes.length) fields.push(["padding", end * 8, bytes.length * 8 - 1]);
    at = kind === 0 ? bytes.length : end;
  }
  return fields;
}

/** @type {number[]} */ let bytes = [], earlier = [];
let fields = FIELDS;
let lit = -1; // the field that is looked at

function light(i) {
  const box = byId("bits"), field = fields[lit = i];
  for (const e of box.querySelectorAll(".lit")) e.classList.remove("lit");
  if (!field) return;
  for (const e of box.querySelectorAll(`[data-f~="${i}"]`)) e.classList.add("lit");
  const [name, first, last] = field, bits = bitsOf(bytes, field), was = bitsOf(earlier, field), value = parseInt(bits, 2);
  byId("field").textContent = `${name}: bits ${first}${last > first ? `-${last}` : ""}${bits.length > 48 ? "" : `, ${value}`}${name === "Data Offset" ? ` words = ${value * 4} bytes` : ""}${earlier.length && bits !== was && bits.length <= 48 ? ` (before: ${parseInt(was, 2)})` : ""}`;
}

for (const what of ["mouseover", "focusin"]) {
  byId("bits").addEventListener(what, (e) => { const of = e.target.closest("[data-f]"); if (of) light(parseInt(of.dataset.f)); });
}

/** Makes a grid for fields, and returns it; its bits and bytes are to come. */
function grid() {
  const table = el("table", { class: "grid" }, el("caption", { class: "sr" }), el("col"));
  for (let row = 0; row < bytes.length * 8; row += 32) {
    const names = el("tr", {}, el("th", { scope: "row", rowspan: "2" }, String(row))), bits = el("tr");
    for (let bit = row; bit < row + 32;) {
      const i = fields.findIndex(([, first, last]) => bit >= first && bit <= last);
      if (i < 0) { bit++; names.append(el("td")); bits.append(el("td")); continue; }
      const [name, first, last] = fields[i], upTo = Math.min(last, row + 31);
      names.append(el("td", { class: first === last ? "name flag" : "name", colspan: String(upTo - bit + 1), "data-f": String(i), tabindex: "0" }, name === "Reserved" ? "Rsrvd" : name));
      for (; bit <= upTo; bit++) bits.append(el("td", { "data-f": String(i), "data-bit": String(bit) }));
    }
    table.append(names, bits);
  }
  return table;
}

/** Draws the header of a segment.
 * @param {Moment} m @param {Row|undefined} before */
export function drawHeader(m, before) {
  const box = byId("bits"), shape = fields.join();
  bytes = bytesOf(m.row["lab.header"]);
  earlier = bytesOf(before?.["lab.header"]);
  fields = fieldsOf(bytes);
  if (!bytes.length) return box.replaceChildren();
  if (fields.join() !== shape || !box.firstChild) { // another header has the same cells as a rule
    box.replaceChildren(el("h2"), grid(), el("p", { class: "bytes" }, ...bytes.flatMap((_, k) => [el("span", { "data-f": fields.flatMap(([, first, last], i) => first <= k * 8 + 7 && last >= k * 8 ? [i] : []).join(" ") }), k % 4 === 3 ? "  " : " "])),
      el("p", { id: "field", role: "status", class: "soft" }, "Point at a field, or move through them with Tab."));
    lit = -1;
  }
  box.querySelector("h2").textContent = `Header of #${m.row["frame.number"]}`;
  box.querySelector("caption").textContent = `header of frame ${m.row["frame.number"]}, 32 bits a row`;
  for (const cell of box.querySelectorAll("[data-bit]")) {
    const bit = String(bitAt(bytes, cell.dataset.bit));
    if (cell.textContent === bit) continue;
    cell.textContent = bit;
    cell.classList.toggle("zero", bit === "0");
  }
  box.querySelectorAll(".bytes span").forEach((e, k) => { e.textContent = bytes[k].toString(16).padStart(2, "0"); });
  for (const name of box.querySelectorAll(".name")) {
    const field = fields[name.dataset.f];
    name.classList.toggle("changed", earlier.length > 0 && bitsOf(bytes, field) !== bitsOf(earlier, field));
  }
  light(lit);
}

// The header as a grid of 32 bits a row: a field, its bits and its bytes light up
// together, and what changed since the segment before is marked.
import { byId, el } from "./dom.js";

/** The fields by their bits (RFC 9293 §3.1; bit 103 is AE, RFC 9768). */
const FIELDS = [
  ["Source Port", 0, 15], ["Destination Port", 16, 31], ["Sequence Number", 32, 63], ["Acknowledgment Number", 64, 95],
  ["Data Offset", 96, 99], ["Reserved", 100, 102], ["AE", 103, 103], ["CWR", 104, 104], ["ECE", 105, 105], ["URG", 106, 106],
  ["ACK", 107, 107], ["PSH", 108, 108], ["RST", 109, 109], ["SYN", 110, 110], ["FIN", 111, 111],
  ["Window", 112, 127], ["Checksum", 128, 143], ["Urgent Pointer", 144, 159],
];
/** @type {Record<number, string>} */
const OPTIONS = { 0: "end of options", 1: "no operation", 2: "maximum segment size", 3: "window scale", 4: "SACK permitted", 5: "SACK", 8: "timestamps", 30: "MPTCP", 34: "fast open" };
const bytesOf = (hex) => (hex.match(/../g) ?? []).map((b) => parseInt(b, 16));

/** The fields of a header, options among them.
 * @param {number[]} bytes @returns {[string, number, number][]} */
function fieldsOf(bytes) {
  const fields = /** @type {[string, number, number][]} */ (FIELDS.filter(([, , last]) => Number(last) < bytes.length * 8).map((f) => [...f]));
  for (let at = 20; at < bytes.length;) {
    const kind = bytes[at], length = kind < 2 ? 1 : Math.max(2, bytes[at + 1] || 2);
    const end = Math.min(bytes.length, at + length);
    fields.push([OPTIONS[kind] ?? `option ${kind}`, at * 8, end * 8 - 1]);
    if (kind === 0 && end < bytes.length) fields.push(["padding", end * 8, bytes.length * 8 - 1]);
    at = kind === 0 ? bytes.length : end;
  }
  return fields;
}
function valueOf(bytes, first, last) {
  if (last - first >= 48) return "";
  let value = 0;
  for (let bit = first; bit <= last; bit++) value = value * 2 + (bytes[bit >> 3] >> (7 - bit % 8) & 1);
  return value;
}

/** Draws the header of a segment.
 * @param {Moment} m @param {Row|undefined} before */
export function drawHeader(m, before) {
  const box = byId("bits");
  const bytes = bytesOf(m.row["lab.header"] ?? ""), earlier = bytesOf(before?.["lab.header"] ?? "");
  if (!bytes.length) return box.replaceChildren();
  const fields = fieldsOf(bytes);
  const grid = el("table", { class: "grid" }, el("caption", { class: "sr" }, `header of frame ${m.row["frame.number"]}, 32 bits a row`));
  const hex = el("p", { class: "bytes" });
  const word = el("p", { id: "field", role: "status" }, el("span", { class: "soft" }, "Point at a field, or move through them with Tab."));
  const light = (i) => {
    for (const e of box.querySelectorAll(".lit")) e.classList.remove("lit");
    for (const e of box.querySelectorAll(`[data-f~="${i}"]`)) e.classList.add("lit");
    const [name, first, last] = fields[i], value = valueOf(bytes, first, last);
    const was = earlier.length && last < earlier.length * 8 ? valueOf(earlier, first, last) : value;
    word.textContent = `${name}: bits ${first}${last > first ? `-${last}` : ""}${value === "" ? "" : `, ${value}`}${name === "Data Offset" ? ` words = ${Number(value) * 4} bytes` : ""}${was !== value ? ` (before: ${was})` : ""}`;
  };
  for (let row = 0; row * 32 < bytes.length * 8; row++) {
    const names = el("tr"), bits = el("tr");
    for (let bit = row * 32; bit < row * 32 + 32;) {
      const i = fields.findIndex(([, first, last]) => bit >= first && bit <= last);
      if (i < 0) { bit++; names.append(el("td")); bits.append(el("td")); continue; }
      const [name, first, last] = fields[i], upTo = Math.min(last, row * 32 + 31);
      const cell = el("td", { class: first === last ? "name flag" : "name", colspan: String(upTo - bit + 1), "data-f": String(i), tabindex: "0" }, name === "Reserved" ? "Rsrvd" : name);
      if (earlier.length && valueOf(bytes, first, last) !== valueOf(earlier, first, last)) cell.classList.add("changed");
      cell.addEventListener("mouseenter", () => light(i));
      cell.addEventListener("focus", () => light(i));
      names.append(cell);
      for (; bit <= upTo; bit++) {
        const one = bytes[bit >> 3] >> (7 - bit % 8) & 1;
        const b = el("td", { "data-f": String(i), class: one ? "" : "zero" }, String(one));
        b.addEventListener("mouseenter", () => light(i));
        bits.append(b);
      }
    }
    grid.append(names, bits);
  }
  bytes.forEach((b, k) => {
    const of = fields.flatMap(([, first, last], i) => first <= k * 8 + 7 && last >= k * 8 ? [i] : []);
    const e = el("span", { "data-f": of.join(" ") }, b.toString(16).padStart(2, "0"));
    e.addEventListener("mouseenter", () => light(of[0]));
    hex.append(e, k % 4 === 3 ? "  " : " ");
  });
  box.replaceChildren(el("h2", {}, `Header of #${m.row["frame.number"]}`), grid, hex, word);
}

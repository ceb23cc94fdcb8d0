// The ladder: a list of moments, the client's side left, the server's right, what is
// on the wire between them.
import { byId, el, svg } from "./dom.js";
import { flagNames, millis, rules, title } from "./model.js";

/** Up to so many segments all moments are in the document; beyond that those around
 * the present one. */
const WHOLE = 2000, AROUND = 150;

export class Ladder {
  /** @param {import("./model.js").Story} story @param {(place: number) => void} go */
  constructor(story, go) {
    this.story = story;
    this.list = byId("ladder");
    this.first = 0; // place of the first one in the document
    this.upTo = 0; // behind the last one
    this.shown = -1;
    /** @type {(m: import("./model.js").Moment) => boolean} */ this.wants = () => true;
    this.list.addEventListener("click", (/** @type {any} */ e) => {
      const item = e.target.closest("li");
      if (item) go(Number(item.dataset.place));
    });
  }

  /** Shows the moments up to a place, which is marked.
   * @param {number} at @param {boolean} [anew] */
  show(at, anew = false) {
    const windowed = this.story.segments > WHOLE;
    const first = windowed ? Math.max(0, at - AROUND) : 0;
    if (anew || !this.list.childElementCount && this.upTo > at + 1 || first !== this.first && (at < this.first || windowed && first - this.first > AROUND / 2) || at < this.first) {
      this.list.replaceChildren();
      this.first = this.upTo = first;
      if (first > 0) this.list.append(el("li", { class: "far soft" }, `${first} earlier moments: go back to see them`));
    }
    while (this.list.lastElementChild && this.upTo > at + 1) {
      if (this.list.lastElementChild.dataset.place === String(this.upTo - 1)) this.list.lastElementChild.remove();
      this.upTo--;
    }
    const part = document.createDocumentFragment();
    for (; this.upTo <= at && this.upTo < this.story.moments.length; this.upTo++) {
      const m = this.story.moments[this.upTo];
      if (this.wants(m)) part.append(this.item(m, this.upTo));
    }
    this.list.append(part);
    for (const old of this.list.querySelectorAll(".here")) old.classList.remove("here"), old.removeAttribute("aria-current");
    const here = this.itemAt(at);
    if (here) {
      here.classList.add("here");
      here.setAttribute("aria-current", "step");
      here.scrollIntoView({ block: "nearest" });
    }
    this.shown = at;
  }

  /** @param {number} at @returns {HTMLElement|null} */
  itemAt(at) { return this.list.querySelector(`li[data-place="${at}"]`); }

  /** @param {import("./model.js").Moment} m @param {number} place */
  item(m, place) {
    const whose = this.story.clients > 1 && m.client > 0 ? `C${m.client} ` : "";
    const time = el("span", { class: "time" }, millis(m.at));
    if (m.kind === "segment") {
      return el("li", { "data-place": String(place) }, time, this.end(m, "client", whose), this.wire(m, whose), this.end(m, "server", ""));
    }
    if (m.kind === "call") {
      const words = el("span", { class: "call" }, title(m));
      const client = m.from === "client";
      const said = el("span", { class: "sr" }, client ? `${whose}client calls ` : "server calls ");
      const mine = el("span", { class: `end ${client ? "c" : "s"}` }, said, client && whose ? el("span", { class: "soft" }, whose) : "", words);
      const other = el("span", { class: `end ${client ? "s" : "c"}` });
      return el("li", { "data-place": String(place) }, time, ...(client ? [mine, el("span", { class: "wire" }), other] : [other, el("span", { class: "wire" }), mine]));
    }
    const tone = m.kind === "ended" ? (m.row["lab.verdict"] === "fine" ? "good" : "bad") : m.kind === "icmp" || m.kind === "undecoded" ? "bad" : "soft";
    return el("li", { "data-place": String(place), class: "far" }, el("span", { class: tone }, whose + title(m)));
  }

  /** The state of one end, where it is new.
   * @param {import("./model.js").Moment} m @param {"client"|"server"} side @param {string} whose */
  end(m, side, whose) {
    const state = m.row[`lab.${side}_state`], before = this.story.moments[m.before]?.row[`lab.${side}_state`];
    const cell = el("span", { class: `end ${side[0]}` });
    if (state && state !== before) {
      const proved = m.row[`lab.${side}_proved`];
      cell.append(el("span", { class: proved ? "state" : "state assumed" }, el("span", { class: "sr" }, `${whose}${side} is `), state + (proved ? "" : "?")));
    }
    return cell;
  }

  /** @param {import("./model.js").Moment} m @param {string} whose */
  wire(m, whose) {
    const r = m.row, right = m.from === "client", rule = rules(r);
    const from = el("span", { class: "sr" }, `${whose}${m.from} sends `);
    const number = (/** @type {string} */ text) => el("span", { class: /^[xc]/.test(text) ? "x" : /^[ys]/.test(text) ? "y" : "" }, text);
    const label = el("span", { class: "label" }, from, el("span", { class: "soft" }, `#${r["frame.number"]} `),
      el("span", { class: /RST/.test(flagNames(r)) ? "flags bad" : "flags" }, title(m)));
    if (rule.seq) label.append(" ", el("span", { class: "rule" }, el("span", {}, "seq = ", number(rule.seq), rule.ack && rule.ack !== "0" ? ", " : ""), ...(rule.ack && rule.ack !== "0" ? [" ", el("span", {}, "ack = ", number(rule.ack))] : [])));
    const again = this.story.again.get(r["frame.number"]);
    if (again) label.append(" ", el("span", { class: "cross", title: `sent again as #${again}: it was lost, or its answer was` }, "✗?"), el("span", { class: "sr" }, ` sent again as ${again}: it was lost, or its answer was`));
    const arrow = svg("svg", { viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" },
      svg("line", right ? { x1: 0, y1: 0, x2: 99, y2: 9 } : { x1: 100, y1: 0, x2: 1, y2: 9 }));
    return el("span", { class: `wire ${right ? "to-server" : "to-client"}` }, label, arrow, el("span", { class: "tip", "aria-hidden": "true" }));
  }
}

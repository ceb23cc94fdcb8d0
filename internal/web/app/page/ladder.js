// The ladder: a list of moments, the client's side left, the server's right, what is
// on the wire between them.
import { byId, el, svg } from "./dom.js";
import { flagNames, millis, rules, title } from "./model.js";

/** Up to so many segments all moments are in the document, those that come later hidden
 * until they are found or printed; beyond that those around the present one. */
const WHOLE = 2000, AROUND = 150;

export class Ladder {
  constructor(story, go) {
    this.story = story;
    this.list = byId("ladder");
    this.first = 0; // place of the first one in the document
    this.upTo = 0; // behind the last one
    /** @type {HTMLElement|null} */ this.here = null;
    this.secret = false; // what comes later is not to be found
    this.flights = this.list.parentElement.appendChild(svg("svg", { id: "flights", "aria-hidden": "true" }));
    /** @type {(m: Moment) => boolean} */ this.wants = () => true;
    this.list.addEventListener("click", (e) => {
      const item = e.target.closest("li");
      if (item) go(Number(item.dataset.place));
    });
    this.list.addEventListener("beforematch", (e) => go(Number(e.target.dataset.place)));
    new ResizeObserver(() => this.fly()).observe(this.list);
  }

  clear() {
    this.list.replaceChildren();
    this.first = this.upTo = 0;
    this.list.className = "";
    this.flights.replaceChildren();
  }

  /** Shows the moments up to a place, which is marked. */
  show(at, anew = false) {
    const whole = this.story.segments <= WHOLE, end = whole ? this.story.moments.length : at + 1;
    const first = whole ? 0 : Math.max(0, at - AROUND);
    if (anew || first < this.first && at < this.first || first - this.first > AROUND / 2 || this.upTo > end) {
      this.clear();
      this.first = this.upTo = first;
      if (first > 0) this.list.append(el("li", { class: "far soft" }, `${first} earlier moments: go back to see them`));
    }
    const part = document.createDocumentFragment();
    for (; this.upTo < end; this.upTo++) {
      const m = this.story.moments[this.upTo];
      if (this.wants(m)) part.append(this.item(m, this.upTo));
    }
    this.list.append(part);
    const isLate = (item) => Number(item.dataset.place) > at;
    for (let item = this.list.lastElementChild; item && (isLate(item) || item.hidden); item = item.previousElementSibling) {
      const late = isLate(item) ? this.secret ? "" : "until-found" : null;
      if (item.getAttribute("hidden") === late) continue;
      item.ariaHidden = late === null ? null : "true";
      if (late === null) item.removeAttribute("hidden");
      else item.setAttribute("hidden", late);
    }
    this.here?.classList.remove("here");
    this.here?.removeAttribute("aria-current");
    const here = this.here = this.itemAt(at);
    if (here) {
      here.classList.add("here");
      here.setAttribute("aria-current", "step");
      here.scrollIntoView({ block: "nearest" });
    }
    if (this.list.className) this.fly();
  }

  itemAt(at) { return this.list.querySelector(`li[data-place="${at}"]`); }

  /** Draws the arrows whose arrival is a moment of its own, from one row to another. */
  fly() {
    const box = this.flights.getBoundingClientRect(), lines = [];
    for (const from of this.list.querySelectorAll(".leaves")) {
      const to = this.list.querySelector(`.arrives[data-frame="${from.dataset.frame}"]`), shown = to && !to.closest("[hidden]");
      if (from.closest("[hidden]")) continue;
      const a = from.getBoundingClientRect(), b = (shown ? to : this.list.querySelector("li.here") ?? from).getBoundingClientRect();
      const right = from.classList.contains("to-server"), x1 = right ? a.left : a.right, x2 = shown ? right ? b.right : b.left : (a.left + a.right) / 2;
      const y1 = a.bottom - 8 - box.top, y2 = (shown ? (b.top + b.bottom) / 2 : Math.max(b.bottom, a.bottom)) - box.top;
      lines.push(svg("line", { x1: x1 - box.left, y1, x2: x2 - box.left, y2, ...(shown ? { "marker-end": "url(#head)" } : { class: "open" }) }));
    }
    this.flights.replaceChildren(svg("defs", {}, svg("marker", { id: "head", viewBox: "0 0 8 8", refX: 8, refY: 4, markerWidth: 6, markerHeight: 6, orient: "auto" }, svg("path", { d: "M0 0L8 4L0 8z" }))), ...lines);
  }

  item(m, place) {
    const whose = this.story.clients > 1 && m.client > 0 ? `C${m.client} ` : "";
    const time = el("span", { class: "time" }, millis(m.at));
    if (m.kind === "segment" || m.kind === "arrival") {
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

  /** The state of one end, and what its kernel says, where it is new.
   * @param {Moment} m @param {"client"|"server"} side @param {string} whose */
  end(m, side, whose) {
    const before = this.story.moments[m.before], state = m.row[`lab.${side}_state`], kernel = m.row[`lab.${side}_kernel`];
    const cell = el("span", { class: `end ${side[0]}` });
    if (state && state !== before?.row[`lab.${side}_state`]) {
      const proved = m.row[`lab.${side}_proved`];
      cell.append(el("span", { class: proved ? "state" : "state assumed" }, el("span", { class: "sr" }, `${whose}${side} is `), state + (proved ? "" : "?")), " ");
    }
    if (kernel && kernel !== before?.kernel?.[side]) {
      cell.append(el("span", { class: "kernel" }, el("span", { class: "sr" }, `the ${side}'s `), "kernel", el("span", { class: "sr" }, " says"), ": ", kernel));
    }
    return cell;
  }

  wire(m, whose) {
    const r = m.row, frame = r["frame.number"], right = m.from === "client", way = right ? "to-server" : "to-client", apart = r["lab.arrives_apart"];
    const label = el("span", { class: "label" });
    if (m.kind === "arrival") {
      label.append(el("span", { class: "sr" }, `at the ${right ? "server" : "client"} `), el("span", { class: "soft" }, `${whose}#${frame} `), title(m));
      if (/^(copy|refused)/.test(r["lab.reception"])) label.append(" ", el("span", { class: "bad" }, r["lab.reception"]));
      return el("span", { class: `wire arrives ${way}`, "data-frame": String(frame) }, label, ...line(right, 50, 100, "half"));
    }
    const rule = rules(r);
    const number = (text) => el("span", { class: /^[xc]/.test(text) ? "x" : /^[ys]/.test(text) ? "y" : "" }, text);
    label.append(el("span", { class: "sr" }, r["lab.forged"] ? "on the cable appears " : `${m.from} sends `), el("span", { class: "soft" }, `${whose}#${frame} `),
      el("span", { class: /RST/.test(flagNames(r)) ? "flags bad" : "flags" }, title(m)));
    if (rule.seq) label.append(" ", el("span", { class: "rule" }, el("span", {}, "seq = ", number(rule.seq), rule.ack && rule.ack !== "0" ? ", " : ""), ...(rule.ack && rule.ack !== "0" ? [" ", el("span", {}, "ack = ", number(rule.ack))] : [])));
    const again = this.story.again.get(frame), fate = r["lab.fate"];
    if (fate) label.append(...passage(r).map((text) => el("span", { class: fate === "lost" ? "fate bad" : "fate soft" }, text)));
    else if (again) label.append(" ", el("span", { class: "cross", title: `sent again as #${again}, as no answer had come` }, "✗?"), el("span", { class: "sr" }, ` sent again as ${again}, as no answer had come`));
    if (apart) this.list.className = "apart"; // some arrivals are moments of their own
    if (apart) return el("span", { class: `wire leaves ${way}`, "data-frame": String(frame) }, label, ...line(right, 0, 50, "half"));
    if (fate === "lost") return el("span", { class: `wire ${way}` }, label, ...line(right, 0, 50, "lost"));
    return el("span", { class: `wire ${way}` }, label, ...line(right, r["lab.forged"] ? 50 : 0, 100, ""));
  }
}

/** What the cable did with a segment, as its row says.
 * @param {Row} r @returns {string[]} */
export function passage(r) {
  const what = r["lab.fate"] === "lost" ? "✗ lost on the way" : r["lab.copy_of"] ? `a copy of #${r["lab.copy_of"]}, made on the way` : r["lab.forged"] ? "no host has sent it" : "";
  const why = r["lab.cable"] ? `by the cable: ${r["lab.cable"]}` : "";
  return what || why ? [[what, why].filter(Boolean).join(": ")] : [];
}

/** An arrow of one row, from so many hundredths of the way to so many. */
function line(right, from, to, kind) {
  const x = (at) => right ? at : 100 - at;
  const arrow = svg("svg", { class: kind, viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" }, svg("line", { x1: x(from), y1: from * 0.09, x2: x(Math.min(to, 99)), y2: to * 0.09 }));
  return [arrow, kind === "lost" ? el("span", { class: "end-mark cross", "aria-hidden": "true" }, "✗") : to === 100 ? el("span", { class: `tip ${kind}`, "aria-hidden": "true" }) : ""];
}

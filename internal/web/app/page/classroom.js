// The class: the teacher's page asks and reveals; a phone follows and answers.
import { byId, el } from "./dom.js";
import { tell } from "./feed.js";
import { choices } from "./predict.js";

export class Classroom {
  constructor(about) {
    this.teacher = about.teacher;
    this.address = about.address ?? "";
    this.box = byId("classroom");
    /** @type {any} */ this.state = { round: 0, phones: 0 };
    this.phone = Array.from(crypto.getRandomValues(new Uint8Array(12)), (b) => b.toString(16).padStart(2, "0")).join("");
    this.mine = { round: -1, choice: -1 };
    /** @type {() => Moment|undefined} */ this.next = () => undefined;
    this.box.hidden = false;
    this.draw();
  }
  take(state) { this.state = state; this.draw(); }

  draw() {
    const s = this.state, ask = s.ask;
    this.box.replaceChildren(el("h2", {}, this.teacher ? `Class: ${s.phones} follow` : "You follow the class"));
    if (this.teacher) this.drawTeacher(s);
    if (!ask) return;
    this.box.append(el("p", {}, ask.text));
    const list = el("div", { class: "choices" });
    const most = Math.max(1, ...(s.counts ?? []));
    ask.choices.forEach((text, i) => {
      const mark = s.reveal && i === s.right ? "✓ " : this.mine.round === s.round && this.mine.choice === i ? "● " : "";
      if (!this.teacher && !s.reveal) {
        const button = el("button", { type: "button", "aria-pressed": String(mark === "● ") }, mark + text);
        button.onclick = () => { this.mine = { round: s.round, choice: i }; tell("vote", { Phone: this.phone, Round: s.round, Choice: i }); this.draw(); };
        list.append(button);
        return;
      }
      const bar = el("i");
      bar.style.width = `${100 * (s.counts?.[i] ?? 0) / most}%`;
      list.append(el("div", { class: s.reveal && i === s.right ? "good" : "" }, mark + text, el("div", { class: "bar" }, bar, el("span", {}, s.counts ? String(s.counts[i]) : ""))));
    });
    this.box.append(list);
    if (s.reveal && this.mine.round === s.round) this.box.append(el("p", { class: this.mine.choice === s.right ? "good" : "bad" }, this.mine.choice === s.right ? "Right." : "Not right."));
  }
  drawTeacher(s) {
    const button = (text, act) => { const b = el("button", { type: "button" }, text); b.onclick = act; return b; };
    if (!s.ask) {
      this.box.append(el("details", s.phones ? {} : { open: "" }, el("summary", {}, this.address), el("img", { class: "qr", src: "qr.svg", alt: `QR code of ${this.address}` })), el("p", {}, button("Ask what comes next", () => this.ask())));
      return;
    }
    this.box.append(el("p", {}, `${s.answers} answered. `, s.reveal ? button("Close", () => tell("ask", { Options: 0 })) : button("Reveal", () => tell("reveal", {}))));
  }

  ask() {
    const m = this.next();
    if (!m) return;
    const c = choices(m);
    tell("ask", { Ask: { text: `What does the ${m.from} send next?`, choices: c.list }, Options: c.list.length, Right: c.right });
  }
}

// The story's moments as the page knows them: rows of the view story, in order. What
// is shown is what they say; nothing is made up here.

import { FIELDS } from "./tables.js";

/** Tells whether a moment has a part in the story, as the terminal's has: a call that
 * waits for the peer when it returns, connect also when it begins; the others when
 * they are made, and when they failed. */
export function tells(row) {
  if (row["lab.kind"] !== "call") return true;
  const name = row["lab.call"], begins = row["lab.phase"] === "begin", failed = row["lab.error"] !== undefined;
  if (name === "connect") return true;
  if (name === "accept" || name === "recv") return !begins;
  return begins || (failed && row["lab.error"] !== "EOF");
}

/** Sent again although it has arrived. */
const ARRIVED = /spurious|keep_alive|zero_window_probe/;

export class Story {
  clients = 0;
  segments = 0;
  constructor() { this.clear(); }

  clear() {
    /** @type {Moment[]} */ this.moments = [];
    /** @type {Map<number, number>} */ this.byFrame = new Map();
    /** @type {Map<number, number>} */ this.again = new Map(); // frame, and the frame that repeats it
    this.clients = this.segments = 0;
    this.ended = false;
    /** @type {Map<number, number>} */ this.last = new Map(); // latest moment of each stream that has states, by place
    /** @type {Map<string, number>} */ this.calls = new Map(); // how often each side has made a call
    /** @type {Map<number, number>} */ this.sent = new Map(); // latest segment of each stream, by place
  }

  /** Takes rows, and returns the place of the first new moment.
   * @param {Row[]} rows */
  add(rows) {
    const first = this.moments.length;
    for (const row of rows) {
      if (!tells(row)) continue;
      const kind = row["lab.kind"], stream = row["tcp.stream"];
      const place = this.moments.length;
      /** @type {Moment} */ const moment = { row, at: (row["lab.time"] ?? 0) * 1000, kind, from: row["lab.from"] ?? row["lab.role"] ?? "", client: row["lab.client"] ?? 0,
        before: this.last.get(stream) ?? -1, prior: this.sent.get(stream) ?? -1, kernel: undefined, nth: 0 };
      if (kind === "segment" || kind === "arrival") {
        const frame = row["frame.number"], departed = this.moments[this.byFrame.get(frame) ?? -1];
        this.last.set(stream, place);
        moment.kernel = this.moments[moment.before]?.kernel;
        for (const side of ["client", "server"]) {
          const said = row[`lab.${side}_kernel`];
          if (said) moment.kernel = { ...moment.kernel, [side]: said };
        }
        if (kind === "arrival") moment.prior = departed?.prior ?? -1;
        else {
          this.sent.set(stream, place);
          this.segments++;
          this.byFrame.set(frame, place);
          if (row["lab.again_of"] && !ARRIVED.test(row["tcp.analysis.flags"]?.join() ?? "")) this.again.set(row["lab.again_of"], frame);
        }
      }
      if (kind === "call") {
        const made = `${row["lab.role"]} ${moment.client} ${row["lab.call"]}`;
        this.calls.set(made, moment.nth = (this.calls.get(made) ?? 0) + 1);
      }
      this.clients = Math.max(this.clients, moment.client);
      this.moments.push(moment);
    }
    return first;
  }
}

/** The names of the set flags, SYN first as lessons name them. */
export function flagNames(row) {
  const bits = parseInt(row["tcp.flags"], 16);
  return ["SYN", "FIN", "RST", "PSH", "ACK", "URG", "ECE", "CWR", "AE"].filter((name) => bits >> 111 - (FIELDS.find((f) => f[0] === name)?.[1] ?? 0) & 1).join("+") || "none";
}

/** The two arithmetics of a segment, without the frames that prove them. */
export function rules(row) {
  const [, seq = "", ack = ""] = /^seq = (.*?)(?:, ack = (.*))?$/.exec(row["lab.rule"] ?? "") ?? [];
  const bare = (text) => text.replace(/ \(.*?\)/g, "");
  return { seq: bare(seq), ack: bare(ack) };
}
const named = (r) => flagNames(r) + (r["tcp.len"] ? `, ${r["tcp.len"]} byte${r["tcp.len"] === 1 ? "" : "s"}` : "");

/** What a moment is called.
 * @param {Moment} m */
export function title(m) {
  const r = m.row;
  switch (m.kind) {
    case "segment": return named(r);
    case "arrival": return `${named(r)} arrives`;
    case "call": return callText(r);
    case "ended": return r["lab.verdict_text"] ?? r["lab.verdict"] ?? "over";
  }
  return r["lab.remark"] ?? r["lab.icmp"] ?? r["lab.problem"] ?? m.kind;
}
function callText(r) {
  const data = r["lab.text"] ? ` "${r["lab.text"]}"` : "";
  const text = `${r["lab.call"]}(${r["lab.call"] === "socket" || r["lab.call"] === "accept" ? "" : r["lab.args"] ?? ""})`;
  if (r["lab.phase"] === "begin") return text + data;
  if (r["lab.error"] === "EOF") return text + " = 0, end of stream";
  if (r["lab.error"] !== undefined) return `${r["lab.call"]}() = ${r["lab.error"]}`;
  if (r["lab.result"] !== undefined) return `${text} = ${r["lab.result"]}${data}`;
  return `${text} = ${r["lab.call"] === "accept" ? r["lab.remote"] ?? "ok" : "ok"}`;
}

export const millis = (ms) => ms.toFixed(3);

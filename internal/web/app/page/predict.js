// Predict: the next segment is hidden until its flags and numbers have been told; what
// was wrong is explained by the arithmetic.
import { byId, el } from "./dom.js";
import { flagNames, rules } from "./model.js";

const FLAGS = ["SYN", "ACK", "FIN", "PSH", "RST"];

/** Asks for a segment, and calls done when it was answered or passed.
 * @param {Story} story @param {Moment} m @param {() => void} done */
export function ask(story, m, done) {
  const form = byId("question"), r = m.row;
  const boxes = FLAGS.map((name) => /** @type {any} */ (el("input", { type: "checkbox", name })));
  const number = (name) => /** @type {any} */ (el("input", { name, inputmode: "numeric", autocomplete: "off", size: "12" }));
  const seq = number("seq"), ack = number("ack");
  const verdict = el("div", { role: "status" });
  form.replaceChildren(
    el("h2", {}, `What does the ${m.from} send next?`),
    el("fieldset", {}, el("legend", {}, "flags"), ...FLAGS.map((name, i) => el("label", {}, boxes[i], ` ${name}  `))),
    el("p", {}, el("label", {}, "seq ", seq), "  ", el("label", {}, "ack ", ack), el("span", { class: "soft" }, "  raw, relative, or as x + 1")),
    el("p", {}, el("button", { type: "submit" }, "check"), "  ", el("button", { type: "button", id: "reveal" }, "show it")), verdict);
  form.hidden = false;
  const finish = () => { form.hidden = true; form.onsubmit = null; done(); };
  byId("reveal").onclick = finish;
  form.onsubmit = (e) => {
    e.preventDefault();
    const flags = FLAGS.filter((_, i) => boxes[i].checked);
    const lines = [markFlags(r, flags), markNumber(story, m, "seq", seq.value), markNumber(story, m, "ack", ack.value)];
    verdict.replaceChildren(...lines.map(([right, text]) => el("p", { class: right ? "good" : "bad" }, text)));
    if (lines.every(([right]) => right)) {
      const go = el("button", { type: "button" }, "go on");
      go.onclick = finish;
      verdict.append(go);
      go.focus();
    }
  };
  boxes[0].focus();
}

/** @param {Row} r @param {string[]} given @returns {[boolean, string]} */
function markFlags(r, given) {
  const real = flagNames(r).split("+").filter((name) => FLAGS.includes(name)); // ECE and CWR are not asked for
  const missing = real.filter((name) => !given.includes(name)), extra = given.filter((name) => !real.includes(name));
  if (!missing.length && !extra.length) return [true, `Flags: right, ${real.join("+") || "none"}.`];
  if (missing.includes("ACK")) return [false, "Flags: ACK is missing: from the SYN+ACK on every segment acknowledges."];
  if (extra.includes("SYN")) return [false, "Flags: SYN is set only in the segments that open the connection, one in each direction."];
  return [false, `Flags: ${[missing.length ? `${missing.join(", ")} is missing` : "", extra.length ? `${extra.join(", ")} is not set` : ""].filter(Boolean).join("; ")}.`];
}

/** Reads a number as the header, the relative count or the arithmetic has it.
 * @param {Story} story @param {Moment} m @param {"seq"|"ack"} which @param {string} given
 * @returns {[boolean, string]} */
export function markNumber(story, m, which, given) {
  const r = m.row, rule = rules(r)[which];
  const raw = r[`tcp.${which}_raw`], relative = r[`tcp.${which}`], hasAck = parseInt(r["tcp.flags"], 16) & 16;
  const text = given.replaceAll(/[\s,_']/g, "").toLowerCase();
  if (which === "ack" && !hasAck) return [text === "" || text === "0", text === "" || text === "0" ? "ack: right, there is nothing to acknowledge yet." : "ack: ACK is not set, so the field means nothing and is 0."];
  const way = text === String(raw) ? "raw" : text === String(relative) ? "relative" : text === rule.replaceAll(" ", "") ? "as arithmetic" : "";
  if (way) return [true, `${which}: right (${way}): ${rule || raw} = ${raw}.`];
  if (text === "") return [false, `${which}: not answered.`];
  const value = Number(text), off = (by) => value === (raw + by) % 2 ** 32 || value === relative + by;
  const last = story.moments[m.prior]?.row;
  const it = rule || raw, base = rule.split(" ")[0], bare = rule === base, one = rule === `${base} + 1`;
  if (off(-1) && !bare) return [false, `${which}: one too few: it is ${it}, as the SYN takes a number${one ? "" : ", and so does a FIN"}.`];
  if (off(1)) return [false, `${which}: ${bare ? `one too many: it is ${it} itself; what follows its SYN has ${it} + 1` : one ? `you added the SYN twice: it is ${it}; an ACK takes no number` : `one too many: it is ${it}; SYN and FIN take a number each, data its bytes, an ACK none`}.`];
  if (value === r[`tcp.${which === "seq" ? "ack" : "seq"}_raw`]) return [false, `${which}: that is the number of the other direction.`];
  if (last && (value === last["tcp.seq_raw"] || value === last["tcp.ack_raw"])) return [false, `${which}: that stood in the segment before; count on what was sent since.`];
  if (r["tcp.len"] && off(r["tcp.len"])) return [false, `${which}: that is the number behind this segment's data; it is numbered by its first byte.`];
  return [false, `${which}: not right. It counts the ${which === "seq" ? m.from : m.from === "client" ? "server" : "client"}'s bytes, with one for its SYN and one for its FIN.`];
}

/** Four choices for a class: what comes next, and what students take it for.
 * @param {Moment} m */
export function choices(m) {
  const r = m.row, rule = rules(r), flags = flagNames(r);
  const say = (f, s, a) => `${f}, seq = ${s || r["tcp.seq_raw"]}${a && a !== "0" ? `, ack = ${a}` : ""}`;
  const right = say(flags, rule.seq, rule.ack);
  const less = (text) => text.replace(/ \+ 1$/, "");
  const others = [say(flags, less(rule.seq), rule.ack), say(flags, rule.seq, less(rule.ack)), say(flags, rule.ack, rule.seq),
    say(flags === "SYN+ACK" ? "SYN" : flags === "SYN" ? "SYN+ACK" : flags.replace("+ACK", ""), rule.seq, flags === "SYN" ? "y + 1" : rule.ack),
    say(flags, rule.seq, `${rule.ack} + 1`), say("RST", rule.seq, ""), say(flags, `${rule.seq} + 1`, rule.ack)];
  const list = [right];
  for (const other of others) if (list.length < 4 && !list.includes(other)) list.push(other);
  const at = r["frame.number"] % list.length; // where the right one stands
  [list[0], list[at]] = [list[at], list[0]];
  return { list, right: at };
}

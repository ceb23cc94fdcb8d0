// The page: one present moment, and every part of the page drawn from it.
import { byId, el } from "./dom.js";
import { held, live, tell } from "./feed.js";
import { Classroom } from "./classroom.js";
import { Ladder, passage } from "./ladder.js";
import { drawHeader } from "./header.js";
import { Story, flagNames, millis, title } from "./model.js";
import { ask } from "./predict.js";
import { drawDiagram, drawNumbers, lightStates } from "./states.js";
import { drawPrograms, lightCall } from "./programs.js";

const story = new Story();
let at = -1, playing = 0, later = 0, rests = 0, asking = false, follows = true;
let teacher = true;
/** @type {any} */ let lesson;
/** @type {Classroom|null} */ let classroom = null;
const ladder = new Ladder(story, (place) => go(place));

/** Goes to a moment; the first one is 0. */
function go(place) {
  place = Math.max(0, Math.min(place, story.moments.length - 1));
  if (story.moments.length === 0 || asking) return;
  at = place;
  follows = at === story.moments.length - 1;
  ladder.show(at);
  draw();
  if (classroom && teacher) tell("step", { At: at });
}

function draw() {
  const m = story.moments[at], r = m.row;
  const latest = story.moments[latestSegment(at)], segment = latest?.row;
  byId("scrub").value = String(at);
  byId("scrub").setAttribute("aria-valuetext", title(m));
  byId("place").textContent = `${at + 1} of ${story.moments.length}`;
  const told = byId("told");
  const whose = story.clients > 1 && m.client ? `C${m.client}: ` : "";
  told.replaceChildren(el("p", { class: "soft" }, `${millis(m.at)} ms${m.kind === "segment" || m.kind === "arrival" ? `, #${r["frame.number"]}, ${m.from} to ${m.from === "client" ? "server" : "client"}` : ""}`));
  told.append(el("p", { class: "sentence" }, whose, m.kind === "segment" ? r["lab.sentence"] ?? title(m) : title(m)));
  if (m.kind === "segment") {
    if (r["lab.rule"]) told.append(el("p", {}, r["lab.rule"]));
    told.append(el("p", { class: "soft more" }, `${flagNames(r)}; seq ${r["tcp.seq_raw"]} (relative ${r["tcp.seq"]}), ack ${r["tcp.ack_raw"]} (relative ${r["tcp.ack"]}), window ${r["tcp.window_size"]}`));
    if (r["lab.text"]) told.append(el("p", {}, `"${r["lab.text"]}"`));
    if (r["tcp.analysis.flags"]) told.append(el("p", { class: "bad" }, r["tcp.analysis.flags"].join(", ")));
    if (r["lab.note"]) told.append(el("p", { class: "bad" }, r["lab.note"]));
    if (r["lab.section"]) told.append(el("p", { class: "soft" }, r["lab.section"]));
  }
  if (m.kind === "segment" || m.kind === "arrival") told.append(...way(m).map((text) => el("p", {}, text)));
  if (latest) drawHeader(latest, story.moments[latest.prior]?.row);
  lightStates(latest);
  drawNumbers(segment, story.moments[latest?.before]?.row);
  lightCall(m);
  byId("lesson").hidden = !(lesson && story.ended && at === story.moments.length - 1);
}

/** What a staged story was to show.
 * @param {Lesson|undefined} l */
function drawLesson(l) {
  lesson = l;
  if (l) byId("lesson").replaceChildren(el("h2", {}, `The lesson: ${l.name}`), ...l.happened.map((text) => el("p", {}, text)), el("h3", {}, "The rule"), el("p", {}, l.rule), el("h3", {}, "A question for the class"), el("p", {}, l.question));
}

/** What is known of a segment's way, and what the kernels say, where both ends are known.
 * @param {Moment} m @returns {string[]} */
function way(m) {
  const r = m.row, list = passage(r), took = r["lab.on_the_way"];
  if (took !== undefined && m.kind === "segment") list.push(`sent at ${millis(m.at)} ms, arrived at ${millis(m.at + took * 1000)} ms: ${millis(took * 1000)} ms on the way`);
  if (r["lab.fate"] === "arrived" && /^(copy|refused)/.test(r["lab.reception"])) list.push(`its receiver: ${r["lab.reception"]}`);
  for (const side of ["client", "server"]) {
    const more = r[`lab.${side}_kernel_more`];
    if (r[`lab.${side}_kernel`]) list.push(`the ${side}'s kernel says: ${r[`lab.${side}_kernel`]}${more ? `; ${more}` : ""}`);
  }
  return list;
}

/** The place of the latest segment, or arrival, of a moment's client. */
function latestSegment(from) {
  const client = story.moments[from].client;
  for (let i = from; i >= 0; i--) if (/^(segment|arrival)$/.test(story.moments[i].kind) && (!client || story.moments[i].client === client)) return i;
  return -1;
}

const wanted = () => Number(byId("client").value);
const wants = (m) => !wanted() || !m.client || m.client === wanted();
function step(by) {
  let place = at + by;
  while (place >= 0 && place < story.moments.length && !wants(story.moments[place])) place += by;
  if (place < 0 || place >= story.moments.length) return;
  const m = story.moments[place];
  if (by > 0 && byId("predict").checked && m.kind === "segment") {
    asking = true;
    stop();
    ask(story, m, () => { asking = false; go(place); byId("ladder").focus({ preventScroll: true }); });
    return;
  }
  go(place);
}

function stop() {
  clearTimeout(playing);
  playing = 0;
  byId("play").setAttribute("aria-pressed", "false");
}

function play() {
  if (playing) return stop();
  byId("play").setAttribute("aria-pressed", "true");
  const tick = () => {
    if (at >= story.moments.length - 1 || asking) return stop();
    const wait = (story.moments[at + 1].at - story.moments[Math.max(at, 0)].at) / Number(byId("speed").value);
    playing = window.setTimeout(() => { step(1); if (playing) tick(); }, Math.min(Math.max(wait, 15), 5000));
  };
  tick();
}

/** Goes on with what has come; then the page rests twice as long as that took. */
function catchUp() {
  later = 0;
  const begin = performance.now();
  if (follows && !playing && !asking) go(story.moments.length - 1);
  document.body.getBoundingClientRect();
  rests = 3 * performance.now() - 2 * begin;
}

/** Takes new rows; a page that stands at the end goes on with them.
 * @param {any[]} rows @param {boolean} [whole] they are of a file, whose story begins at the first */
function take(rows, whole = false) {
  const alone = story.clients === 1, first = story.add(rows);
  if (alone && story.clients > 1 && at >= 0) ladder.show(at, true); // from now on each row says whose it is
  byId("scrub").max = String(Math.max(0, story.moments.length - 1));
  const choose = byId("client");
  while (choose.options.length <= story.clients && story.clients > 1 && choose.options.length <= 200) choose.append(el("option", { value: String(choose.options.length) }, `C${choose.options.length}`));
  if (story.moments.length === 0) return;
  if (at < 0) return go(byId("predict").checked || whole ? 0 : follows ? story.moments.length - 1 : 0);
  if (follows && !whole && !playing && !asking && teacher && first > 0) {
    later ||= window.setTimeout(catchUp, Math.max(rows.length < 500 ? 0 : 300, rests - performance.now()));
  }
  byId("place").textContent = `${at + 1} of ${story.moments.length}`;
}
function resize(size) {
  size = Math.max(12, Math.min(40, size || 16));
  byId("size").value = String(size);
  document.documentElement.style.setProperty("--size", `${size}px`);
  document.body.classList.toggle("large", size >= 24);
}

function showKeys() {
  byId("keys").hidden = !byId("keys").hidden;
  byId("help").setAttribute("aria-expanded", String(!byId("keys").hidden));
}

function jump() {
  const place = story.byFrame.get(Number(window.prompt("Frame number")));
  if (place !== undefined) go(place);
}

/** @type {Record<string, () => void>} */
const KEYS = { ArrowRight: () => step(1), PageDown: () => step(1), " ": () => step(1), ArrowLeft: () => step(-1), PageUp: () => step(-1), Home: () => go(0), End: () => go(story.moments.length - 1), p: play,
  "+": () => resize(Number(byId("size").value) + 2), "-": () => resize(Number(byId("size").value) - 2), d: () => byId("dense").click(), g: jump, "?": showKeys };

document.addEventListener("keydown", (e) => {
  const target = /** @type {HTMLElement} */ (e.target), typed = /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName) || target.tagName === "BUTTON" && e.key === " ";
  if (typed && !/^Page/.test(e.key) || e.ctrlKey || e.metaKey || e.altKey || !KEYS[e.key] || !teacher) return;
  e.preventDefault();
  KEYS[e.key]();
});
for (const [id, key] of Object.entries({ first: "Home", back: "ArrowLeft", play: "p", next: "ArrowRight", last: "End", help: "?" })) byId(id).onclick = KEYS[key];
byId("scrub").oninput = () => go(Number(byId("scrub").value));
byId("size").onchange = () => resize(Number(byId("size").value));
byId("dense").onchange = () => document.body.classList.toggle("dense", byId("dense").checked);
byId("predict").onchange = () => { ladder.secret = byId("predict").checked; if (at >= 0) ladder.show(at); };
byId("client").onchange = () => { ladder.wants = wants; ladder.show(at, true); };
const say = (text) => { byId("state").textContent = text; };

drawDiagram();
drawPrograms();

/** Begins another story. */
function begin(name) {
  stop();
  story.clear();
  at = -1;
  ladder.clear();
  byId("client").replaceChildren(el("option", { value: "0" }, "all"));
  byId("source").textContent = name;
  document.title = `${name} – handshake-lab`;
  say("reading");
}

function ended() {
  story.ended = true;
  if (at >= 0) draw();
}

async function start() {
  if (document.querySelector('meta[name="feed"][content="decoder"]')) {
    const { drop } = await import("./decoder.js");
    return drop({ begin, rows: (rows) => take(rows, true), end: (wrong) => { ended(); say(wrong || "the whole capture"); }, lesson: drawLesson });
  }
  const rows = held();
  if (rows) {
    take(rows, true);
    say("a file: nothing was loaded from anywhere");
    return;
  }
  const about = await (await fetch("about")).json();
  byId("source").textContent = about.source;
  drawLesson(about.lesson);
  document.title = `${about.source} – handshake-lab`;
  teacher = about.teacher;
  ladder.secret = !teacher;
  if (about.class || !teacher) {
    classroom = new Classroom(about);
    classroom.next = () => story.moments.slice(at + 1).find((m) => m.kind === "segment");
  }
  if (!teacher) for (const control of document.querySelectorAll("nav button:not(#help), #scrub, #predict, #speed")) control.setAttribute("disabled", "");
  live({
    moments: take,
    end: (left) => { ended(); say(left ? `the end; ${left} more moments were left out` : "the end"); },
    class: (state) => { classroom?.take(state); if (!teacher && state.at >= 0) go(state.at); },
    lost: () => say("the connection was lost; trying again"),
    back: () => say("live"),
  });
}

start();

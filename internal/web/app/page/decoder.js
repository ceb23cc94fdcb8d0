// Captures of one's own: dropped on the page, read by a worker, never uploaded.
import { byId, el } from "./dom.js";

/** The program's bytes and what the worker is made of: of files beside the page, or in
 * the page itself.
 * @returns {Promise<{program: ArrayBuffer|Uint8Array, worker: Worker, support: string}>} */
async function parts() {
  const inside = document.getElementById("decoder");
  if (!inside) {
    const program = await (await fetch("decoder.wasm")).arrayBuffer();
    return { program, worker: new Worker("worker.js"), support: "wasm_exec.js" };
  }
  const packed = Uint8Array.from(atob(inside.textContent ?? ""), (c) => c.charCodeAt(0));
  const unpacked = new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip")));
  const program = await unpacked.arrayBuffer();
  const source = (document.getElementById("support")?.textContent ?? "") + (document.getElementById("worker")?.textContent ?? "");
  return { program, worker: new Worker(URL.createObjectURL(new Blob([source], { type: "text/javascript" }))), support: "" };
}

/** Shows where a capture can be dropped.
 * @param {{begin: (name: string) => void, rows: (rows: any[]) => void, end: (wrong: string) => void, lesson: (lesson?: Lesson) => void}} to */
export function drop(to) {
  const input = /** @type {HTMLInputElement} */ (el("input", { type: "file", accept: ".pcap,.pcapng,.cap,.gz,.zst", id: "capture" }));
  const box = el("section", { id: "drop", "aria-label": "Capture" }, el("label", { for: "capture" }, "A capture (pcap, pcapng): drop it here, or choose it. It stays on this device. "), input);
  const list = document.querySelector('meta[name="recordings"]')?.getAttribute("content");
  box.style.gridColumn = "1 / -1"; // above the story and what stands beside it
  byId("story").before(box);
  const ready = parts().then(({ program, worker, support }) => {
    worker.postMessage({ program, support });
    worker.onmessage = (e) => e.data.rows ? to.rows(JSON.parse(e.data.rows)) : to.end(e.data.end ?? "");
    worker.onerror = (e) => to.end(`the decoder did not start: ${e.message}`);
    return worker;
  });
  const read = async (/** @type {File|Response} */ file, /** @type {string} */ name, /** @type {Lesson|undefined} */ lesson = undefined) => {
    to.begin(name);
    to.lesson(lesson);
    const capture = await file.arrayBuffer();
    (await ready).postMessage({ capture }, [capture]);
  };
  input.onchange = () => { if (input.files?.[0]) read(input.files[0], input.files[0].name); };
  document.addEventListener("dragover", (e) => e.preventDefault());
  document.addEventListener("drop", (e) => { e.preventDefault(); const file = e.dataTransfer?.files[0]; if (file) read(file, file.name); });
  if (list) {
    const choose = el("select", { "aria-label": "recordings" }, el("option", { value: "" }, "or a recording …"), ...list.split(" ").map((name) => el("option", {}, name)));
    choose.addEventListener("change", async () => { const name = /** @type {any} */ (choose).value; if (name) read(await fetch(`recordings/${name}.pcapng`), name, await (await fetch(`recordings/${name}.json`)).json() ?? undefined); });
    box.append(" ", choose, " ", el("a", { href: "handbook.html" }, "the handbook"));
  }
}

// Where the moments come from: the server that serves this page, a file that holds
// them, or the decoder in a worker.

/** Follows the server. A connection that broke is opened again, by the browser or, where
 * it has given up, here, and goes on behind the last moment that came. Returns what ends it.
 * @param {(what: string, data?: string, id?: number) => void} take */
export function follow(take, after = 0) {
  /** @type {EventSource} */ let events;
  let again = 0;
  const open = () => {
    events = new EventSource(`feed?after=${after}`);
    for (const what of ["moments", "end", "class"]) events.addEventListener(what, (e) => take(what, e.data, after = Number(e.lastEventId)));
    events.onerror = () => {
      take("lost");
      if (events.readyState === EventSource.CLOSED) again = setTimeout(open, 1000);
    };
    events.onopen = () => take("back");
  };
  open();
  return () => { clearTimeout(again); events.close(); };
}

/** Follows the server over the one connection that all tabs of a page share, or over its
 * own where a browser has none to share.
 * @param {Listener} to */
export function live(to) {
  let have = 0; // moments; another tab that comes makes them come once more
  const take = (what, data = "null", id = 0) => {
    const told = JSON.parse(data);
    if (what !== "moments") return to[what](told);
    const fresh = id - have;
    have = Math.max(have, id);
    if (fresh > 0) to.moments(told.slice(-fresh));
  };
  try {
    const worker = new SharedWorker("shared.js", { type: "module" });
    const join = () => worker.port.postMessage(have);
    worker.onerror = () => follow(take, have);
    worker.port.onmessage = (e) => take(...e.data);
    join();
    addEventListener("pagehide", () => worker.port.postMessage("leaves"));
    addEventListener("pageshow", (e) => { if (e.persisted) join(); });
  } catch {
    follow(take);
  }
}

/** Tells the server something. */
export const tell = (what, body) => fetch(what, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

/** Rows that stand in the page itself; null where there are none.
 * @returns {any[]|null} */
export function held() {
  const data = document.getElementById("moments");
  return data ? JSON.parse(data.textContent ?? "[]") : null;
}

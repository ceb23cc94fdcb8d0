// Where the moments come from: the server that serves this page, a file that holds
// them, or the decoder in a worker.

/** Follows the server. A connection that broke is opened again, by the browser or, where
 * it has given up, here, and goes on behind the last moment that came.
 * @param {Listener} to */
export function live(to, after = "0") {
  const events = new EventSource(`feed?after=${after}`);
  events.addEventListener("moments", (e) => { after = e.lastEventId; to.rows(JSON.parse(e.data)); });
  events.addEventListener("end", (e) => to.end(Number(e.data)));
  events.addEventListener("class", (e) => to.classroom?.(JSON.parse(e.data)));
  events.onerror = () => {
    to.lost?.();
    if (events.readyState === EventSource.CLOSED) setTimeout(() => live(to, after), 1000);
  };
  events.onopen = () => to.back?.();
}

/** Tells the server something. */
export const tell = (what, body) => fetch(what, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

/** Rows that stand in the page itself; null where there are none.
 * @returns {any[]|null} */
export function held() {
  const data = document.getElementById("moments");
  return data ? JSON.parse(data.textContent ?? "[]") : null;
}

// The decoder's worker: it reads a capture, and hands its moments over.
/* global Go, decode */
/** @type {any} */
const here = self;
/** @type {(value?: any) => void} */ let loaded;
const loading = new Promise((resolve) => { loaded = resolve; });
here.ready = () => loaded();
here.onmessage = async (e) => {
  if (e.data.program) { // once, at the beginning
    if (e.data.support) here.importScripts(e.data.support);
    const go = new here.Go();
    const { instance } = await WebAssembly.instantiate(e.data.program, go.importObject);
    go.run(instance);
    return;
  }
  await loading;
  const wrong = here.decode(new Uint8Array(e.data.capture), (rows) => here.postMessage({ rows }));
  here.postMessage({ end: wrong });
};

// Draws diagrams of Mermaid: standard input is a JSON list of them, standard output
// the list of what was drawn, {text} or {error}.
import { fileURLToPath } from 'node:url';
import { input, withPage } from './browser.js';

const diagrams = await input();
await withPage(async (page) => {
  await page.addScriptTag({ path: fileURLToPath(new URL('node_modules/mermaid/dist/mermaid.min.js', import.meta.url)) });
  const drawn = await page.evaluate(async (list) => {
    mermaid.initialize({ startOnLoad: false });
    const results = [];
    for (const [i, source] of list.entries()) {
      try {
        const { svg } = await mermaid.render('diagram' + i, source);
        document.body.innerHTML = svg;
        const texts = [...document.querySelectorAll('text')].map((t) => t.textContent);
        results.push({ text: texts.join('\n'), scripts: document.querySelectorAll('svg script, svg a, svg img, svg foreignObject').length });
      } catch (error) {
        results.push({ error: String(error) });
      }
    }
    return results;
  }, diagrams);
  process.stdout.write(JSON.stringify(drawn));
});

// Plays recordings: standard input is a JSON list of them, standard output the list of
// what the terminal shows at the end, {text, seconds} or {error}.
import { fileURLToPath } from 'node:url';
import { input, withPage } from './browser.js';

const casts = await input();
const of = (path) => fileURLToPath(new URL('node_modules/asciinema-player/dist/bundle/' + path, import.meta.url));
await withPage(async (page) => {
  await page.addStyleTag({ path: of('asciinema-player.css') });
  await page.addScriptTag({ path: of('asciinema-player.min.js') });
  const played = await page.evaluate(async (list) => {
    const results = [];
    for (const data of list) {
      try {
        document.body.innerHTML = '<div id="player"></div>';
        const player = AsciinemaPlayer.create({ data }, document.getElementById('player'), { preload: true, terminalFontFamily: 'monospace' });
        const ended = new Promise((resolve, reject) => {
          player.addEventListener('ended', resolve);
          setTimeout(() => reject(new Error('the recording does not end')), 20000);
        });
        await player.play();
        await player.seek('99.9%');
        await ended;
        await new Promise((resolve) => setTimeout(resolve, 200));
        const lines = [...document.querySelectorAll('.ap-term-text .ap-line')].map((line) => line.textContent);
        results.push({ text: lines.join('\n'), seconds: player.getDuration() });
        player.dispose();
      } catch (error) {
        results.push({ error: String(error) });
      }
    }
    return results;
  }, casts);
  process.stdout.write(JSON.stringify(played));
});

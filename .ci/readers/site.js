// Drops captures on the page with the decoder inside, as a static host serves it and
// as one file. Standard input is {site, single, captures: [{path, moments, wrong, hostile}]}; standard
// output is a list of what was wrong, and what was measured in ms.
import { input, withBrowser } from './browser.js';

const wrong = [], measured = {};
const asked = await input();

await withBrowser(async (browser) => {
  for (const [name, address] of [['site', asked.site], ['single', asked.single]]) {
    const page = await browser.newPage();
    page.on('console', (m) => { if (m.type() === 'error') wrong.push(`${name}: console: ${m.text()}`); });
    page.on('pageerror', (e) => wrong.push(`${name}: ${e}`));
    page.on('request', (r) => { if (r.method() !== 'GET' || !/^(data|blob|file):/.test(r.url()) && !r.url().startsWith(new URL('.', asked.site).href)) wrong.push(`${name} asks ${r.method()} ${r.url()}`); });
    await page.goto(address);
    for (const { path, moments: frames, wrong: said, hostile } of asked.captures) {
      const begin = Date.now();
      await page.setInputFiles('#capture', path);
      await page.waitForFunction((frames) => {
        const state = document.querySelector('#state').textContent;
        return state !== 'reading' && state !== '' && (frames === 0 || document.querySelector('#place').textContent.endsWith(`of ${frames}`));
      }, frames, { timeout: 60000 }).catch(() => {});
      measured[`${name} ${path.split('/').pop()}`] = Date.now() - begin;
      const [state, place] = [await page.textContent('#state'), await page.textContent('#place')];
      if (said ? !state.includes(said) : state !== 'the whole capture' || !place.endsWith(`of ${frames}`)) wrong.push(`${name}: ${path}: ${state}; ${place}, want ${frames} moments`);
      if (hostile) {
        await page.keyboard.press('Home');
        for (let i = 1; i < frames; i++) await page.keyboard.press('ArrowRight');
        if (await page.evaluate(() => window.owned) !== undefined) wrong.push(`${name}: what was captured ran`);
        const text = await page.textContent('header') + await page.textContent('main');
        if (!text.includes('owned=1')) wrong.push(`${name}: what was captured is not shown`);
        if (/[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/.test(text)) wrong.push(`${name}: characters that are not to be seen get through`);
        if (await page.locator('#ladder img, #ladder script, #told img, #told script, h1 img').count() > 0) wrong.push(`${name}: what was captured is markup`);
      }
    }
    const [story, beside] = await page.evaluate(() => ['#story', 'aside'].map((part) => document.querySelector(part).getBoundingClientRect()));
    if (beside.left < story.right) wrong.push(`${name}: the header does not stand beside the story: ${beside.left}, ${story.right}`);
    if (name === 'site') {
      await page.selectOption('select[aria-label=recordings]', 'refused');
      await page.waitForFunction(() => /refused/.test(document.querySelector('#source').textContent) && document.querySelector('#state').textContent === 'the whole capture', null, { timeout: 20000 });
      await page.keyboard.press('End');
      if (!/RST/.test(await page.textContent('#ladder'))) wrong.push('the recording is not told');
      // One of both ends is told so: with what was lost on the way, and with its lesson.
      await page.selectOption('select[aria-label=recordings]', 'syn-ack-lost');
      await page.waitForFunction(() => /syn-ack-lost/.test(document.querySelector('#source').textContent) && document.querySelector('#state').textContent === 'the whole capture', null, { timeout: 20000 });
      await page.keyboard.press('End');
      if (!/lost on the way: by the cable/.test(await page.textContent('#ladder'))) wrong.push('a recording of both ends does not tell what was lost');
      if (!await page.isVisible('#lesson')) wrong.push('a recording has no lesson at its end');
      await page.setInputFiles('#capture', asked.captures[0].path);
      await page.waitForFunction(() => /greeting/.test(document.querySelector('#source').textContent) && document.querySelector('#state').textContent === 'the whole capture', null, { timeout: 20000 });
      await page.keyboard.press('End');
      if (await page.isVisible('#lesson')) wrong.push('the lesson of another capture stays');
    }
    await page.close();
  }
});
process.stdout.write(JSON.stringify({ wrong, measured }));

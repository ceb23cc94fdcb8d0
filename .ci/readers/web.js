// Uses the page as a teacher, a student and a screen reader do. Standard input is
// {teacher, phones, file, many}: addresses of the page, of the page for a class, of the one
// file, and of a page with very many moments. Standard output is a list of what was
// wrong, and what was measured.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { input, withBrowser } from './browser.js';

const axe = readFileSync(fileURLToPath(new URL('node_modules/axe-core/axe.min.js', import.meta.url)), 'utf8');
const wrong = [], measured = {};
const check = (holds, what) => { if (!holds) wrong.push(what); };
const addresses = await input();

await withBrowser(async (browser) => {
  /** Opens a page whose every error, and every request to anywhere else, is a fault. */
  const open = async (name, address, options = {}) => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, bypassCSP: false, ...options });
    const page = await context.newPage();
    page.on('console', (m) => { if (m.type() === 'error' && !/ERR_INTERNET_DISCONNECTED/.test(m.text())) wrong.push(`${name}: console: ${m.text()}`); });
    page.on('pageerror', (e) => wrong.push(`${name}: ${e}`));
    page.on('request', (r) => { if (!r.url().startsWith(new URL(address).origin === 'null' ? 'file:' : new URL(address).origin) && !r.url().startsWith('data:')) wrong.push(`${name} asks ${r.url()}`); });
    await page.goto(address);
    await page.waitForSelector('#ladder li.here', { timeout: 20000 });
    return page;
  };
  const place = (page) => page.textContent('#place');

  // Every theme and size: no overflow, and nothing that axe finds.
  for (const [name, width, colorScheme] of [['light', 1280, 'light'], ['dark', 1280, 'dark'], ['phone', 400, 'light']]) {
    for (const [feed, address] of [['live', addresses.teacher], ['file', addresses.file]]) {
      const page = await open(`${name} ${feed}`, address, { viewport: { width, height: 900 }, colorScheme, bypassCSP: true });
      await page.keyboard.press('End');
      const room = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
      check(room[0] <= room[1], `${name} ${feed}: the page is ${room[0]} wide, the window ${room[1]}`);
      await page.evaluate(axe);
      const found = await page.evaluate(() => axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
      for (const v of found.violations) wrong.push(`${name} ${feed}: axe: ${v.help}: ${v.nodes[0].html.slice(0, 200)}`);
      if (addresses.pictures) await page.screenshot({ path: `${addresses.pictures}/${name}-${feed}.png` });
      await page.context().close();
    }
  }

  // Printed, the whole story is there, and no buttons.
  {
    const page = await open('print', addresses.file);
    await page.emulateMedia({ media: 'print' });
    check(!(await page.isVisible('nav')), 'print: the buttons are printed');
    const unseen = await page.evaluate(() => [...document.querySelectorAll('#ladder li')].filter((e) => e.getBoundingClientRect().height < 10 || !e.checkVisibility({ contentVisibilityAuto: true })).length);
    check(unseen === 0, `print: ${unseen} moments are not printed`);
    await page.context().close();
  }

  // What a reader looks for is found, although it comes later, and gone to.
  {
    const page = await open('find', addresses.file);
    await page.keyboard.press('Home');
    check((await page.locator('#ladder').ariaSnapshot()).match(/listitem/g).length === 1, 'what comes later is read out');
    check(await page.locator('#ladder li[hidden=until-found]').count() > 10, 'what comes later cannot be found');
    await page.evaluate(() => document.querySelectorAll('#ladder li')[4].dispatchEvent(new Event('beforematch', { bubbles: true })));
    check((await place(page)).startsWith('5 of'), `what was found is not gone to: ${await place(page)}`);
    await page.check('#predict');
    check(await page.locator('#ladder li[hidden=until-found]').count() === 0, 'predict: what comes next can be found');
    await page.context().close();
  }

  // Both ends of a cable: what was lost, and why; arrows from one row to another; what the
  // kernels say; the lesson at the end.
  {
    const page = await open('staged', addresses.staged);
    await page.waitForFunction(() => document.querySelector('#state').textContent === 'the end');
    await page.keyboard.press('Home');
    check(!(await page.isVisible('#lesson')), 'staged: the lesson stands at the begin');
    await page.keyboard.press('ArrowRight');
    check(/lost on the way: by the cable: drop the 1st SYN\+ACK/.test(await page.textContent('#told')), `staged: ${await page.textContent('#told')}`);
    for (let i = 0; i < 60 && (await page.locator('#flights .open').count()) === 0; i++) await page.keyboard.press('ArrowRight');
    check(await page.locator('#flights .open').count() > 0, 'staged: nothing is on its way');
    await page.keyboard.press('End');
    check(await page.locator('#flights .open').count() === 0 && await page.locator('#flights > line').count() > 0, 'staged: something has not arrived at the end');
    const slanted = await page.evaluate(() => [...document.querySelectorAll('#flights > line')].every((e) => Number(e.getAttribute('y2')) > Number(e.getAttribute('y1'))));
    const broken = await page.evaluate(() => [...document.querySelectorAll('.time')].filter((e) => { const r = document.createRange(); r.selectNodeContents(e); return r.getClientRects().length > 1; }).length);
    check(broken === 0, `staged: ${broken} times are broken into two lines`);
    check(slanted, 'staged: an arrow does not go down');
    const text = (await page.locator('#ladder').ariaSnapshot()).replace(/\s+/g, ' ');
    for (const part of ['lost on the way: by the cable: drop the 1st SYN', 'at the client', 'arrives']) check(text.includes(part), `staged: the accessibility tree does not tell ${part}`);
    check(/the client's kernel says ?: SYN-SENT/.test(text), `staged: the accessibility tree does not tell the kernel's state: ${text.slice(0, 500)}`);
    check(await page.isVisible('#lesson') && /syn-ack-lost.*One\..*Two\..*Why\?/s.test(await page.textContent('#lesson')), 'staged: no lesson at the end');
    if (addresses.pictures) await page.screenshot({ path: `${addresses.pictures}/staged.png` });
    await page.context().close();
  }

  // Whatever was captured is text and nothing else.
  for (const address of addresses.hostile) {
    const page = await open('hostile', address, { viewport: { width: 400, height: 900 } });
    page.on('dialog', (d) => { wrong.push(`hostile: a dialog: ${d.message()}`); d.dismiss(); });
    await page.waitForFunction((n) => document.querySelector('#place').textContent.endsWith(`of ${n}`), addresses.hostileMoments);
    const made = () => page.evaluate(() => [...document.querySelectorAll('script, img, iframe, b, style, link, [onfocus], [onerror]')].map((e) => e.localName).sort().join());
    await page.keyboard.press('Home');
    const before = await made();
    for (let i = 1; i < addresses.hostileMoments; i++) await page.keyboard.press('ArrowRight');
    check(await made() === before, `hostile: elements were made: ${before}; ${await made()}`);
    check(await page.evaluate(() => /** @type {any} */ (window).owned) === undefined, 'hostile: something ran');
    const text = await page.textContent('main');
    check(text.includes('<img src=x onerror="owned=1">') && text.includes('</script><script>'), 'hostile: what was captured is not shown as text');
    check(!/[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069\ufeff]/.test(text), 'hostile: characters that are not to be seen get through');
    const room = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
    check(room[0] <= room[1], `hostile: the page is ${room[0]} wide, the window ${room[1]}`);
    await page.context().close();
  }

  // Every key.
  {
    const page = await open('keys', addresses.file);
    await page.keyboard.press('Home');
    const first = await place(page);
    for (const [forth, back] of [['ArrowRight', 'ArrowLeft'], ['PageDown', 'PageUp'], [' ', 'ArrowLeft']]) {
      await page.keyboard.press(forth);
      check((await place(page)).startsWith('2 of'), `${forth} leads to ${await place(page)}`);
      await page.keyboard.press(back);
      check(await place(page) === first, `${back} leads to ${await place(page)}`);
    }
    await page.keyboard.press('End');
    const [at, of] = (await place(page)).split(' of ');
    check(at === of && Number(of) > 10, `End leads to ${at} of ${of}`);
    const size = await page.inputValue('#size');
    await page.keyboard.press('+');
    check(Number(await page.inputValue('#size')) === Number(size) + 2, '+ makes nothing larger');
    await page.keyboard.press('d');
    check(await page.evaluate(() => document.body.classList.contains('dense')), 'd makes nothing dense');
    await page.keyboard.press('?');
    check(await page.isVisible('#keys'), '? shows no keys');
    await page.keyboard.press('Home');
    await page.selectOption('#speed', '1');
    await page.keyboard.press('p');
    await page.waitForFunction(() => !document.querySelector('#place').textContent.startsWith('1 of'), null, { timeout: 10000 });
    page.on('dialog', (d) => d.accept('2'));
    await page.keyboard.press('p');
    await page.keyboard.press('g');
    check((await page.textContent('#told')).includes('#2,'), 'g does not go to the frame');
    // A field of the header, its bits and its bytes light up together.
    await page.focus('#bits td.name');
    check(await page.locator('#bits .lit').count() > 16, 'a field lights up alone');
    await page.context().close();
  }

  // Of several clients each row says whose it is, those too that came before the second one.
  {
    const page = await open('clients', addresses.clients);
    await page.waitForFunction(() => document.querySelector('#state').textContent === 'the end');
    await page.keyboard.press('End');
    const whose = await page.evaluate(() => [...document.querySelectorAll('#ladder .label')].map((e) => e.textContent).filter((text) => !/^(client|server) sends C[123] #/.test(text)));
    check(whose.length === 0 && await page.locator('#ladder .label').count() > 20, `clients: a row does not say whose it is: ${whose[0]}`);
    await page.context().close();
  }

  // What a screen reader reads, in order, tells the story.
  {
    const page = await open('accessibility', addresses.file);
    await page.keyboard.press('End');
    const text = (await page.locator('#ladder').ariaSnapshot()).replace(/\s+/g, ' ');
    let from = 0;
    for (const part of ['client sends', 'SYN', 'server sends', 'SYN+ACK', 'ack = x + 1', 'client sends', 'ACK', 'ESTABLISHED', 'FIN']) {
      const found = text.indexOf(part, from);
      check(found >= 0, `the accessibility tree does not tell ${part} behind the part before it`);
      from = Math.max(from, found);
    }
    await page.context().close();
  }

  // Predict: a wrong answer gets its reason, a right one goes on.
  {
    const page = await open('predict', addresses.file);
    await page.keyboard.press('Home');
    await page.check('#predict');
    await page.locator('body').click({ position: { x: 2, y: 2 } });
    for (let i = 0; i < 30 && !(await page.isVisible('#question')); i++) await page.keyboard.press('ArrowRight');
    check(await page.isVisible('#question'), 'predict asks nothing');
    const segments = await page.evaluate(() => JSON.parse(document.getElementById('moments').textContent).filter((r) => r['lab.kind'] === 'segment'));
    const asked = (await page.textContent('#question h2')).includes('server') ? segments[1] : segments[0];
    const next = (await page.locator('#ladder').innerText()).includes('#1 ') ? segments[1] : asked;
    await page.check('#question input[name=SYN]');
    if (next === segments[1]) await page.check('#question input[name=ACK]');
    await page.fill('#question input[name=seq]', String(next['tcp.seq_raw']));
    await page.fill('#question input[name=ack]', String(next['tcp.ack_raw'] + 1));
    await page.click('#question button[type=submit]');
    const reason = await page.textContent('#question [role=status]');
    check(/added the SYN twice|field means nothing/.test(reason), `the wrong ack gets: ${reason}`);
    await page.fill('#question input[name=ack]', next['tcp.ack_raw'] ? 'x + 1' : '0');
    await page.click('#question button[type=submit]');
    check((await page.locator('#question .good').count()) === 3, `right answers get: ${await page.textContent('#question [role=status]')}`);
    await page.click('#question >> text=go on');
    check(!(await page.isVisible('#question')), 'predict does not go on');
    await page.context().close();
  }

  // The class: the teacher asks, a phone answers, the teacher reveals.
  {
    const teacher = await open('teacher', addresses.teacher), phone = await open('phone', addresses.phones, { viewport: { width: 400, height: 800 } });
    await teacher.keyboard.press('Home');
    await phone.waitForFunction(() => document.querySelector('#place').textContent.startsWith('1 of'), null, { timeout: 10000 });
    await teacher.click('#classroom >> text=Ask what comes next');
    await phone.waitForSelector('#classroom .choices button', { timeout: 10000 });
    check(!(await phone.textContent('#classroom')).includes('✓'), 'a phone sees the right one before it is revealed');
    await phone.click('#classroom .choices button >> nth=0');
    await teacher.waitForSelector('#classroom >> text=1 answered', { timeout: 10000 });
    await teacher.click('#classroom >> text=Reveal');
    await phone.waitForSelector('#classroom >> text=✓', { timeout: 10000 });
    check(/Right\.|Not right\./.test(await phone.textContent('#classroom')), 'a phone is not told whether it was right');
    check(await teacher.evaluate(() => document.querySelector('.qr')?.naturalWidth !== 0), 'the QR code is no picture');
    await teacher.click('#classroom button >> text=Close');
    await teacher.context().close();
    await phone.context().close();
  }

  // A connection that breaks is taken up again, and nothing is missed or told twice.
  {
    const page = await open('reconnect', addresses.broken);
    await page.waitForFunction((n) => document.querySelector('#place').textContent.endsWith(`of ${n}`), addresses.brokenMoments, { timeout: 30000 });
    await page.waitForFunction(() => document.querySelector('#state').textContent.startsWith('the end'), null, { timeout: 30000 });
    await page.context().close();
  }

  // Two tabs share one connection, and both have the whole story: the second one, and the
  // first one when the second has gone.
  {
    const context = await browser.newContext(), tabs = [];
    const told = (page) => page.waitForFunction((n) => document.querySelector('#place').textContent.endsWith(`of ${n}`) && document.querySelector('#state').textContent === 'the end', addresses.brokenMoments, { timeout: 20000 });
    for (let i = 0; i < 3; i++) {
      const page = await context.newPage();
      page.on('pageerror', (e) => wrong.push(`shared: ${e}`));
      await page.goto(addresses.shared);
      await told(page);
      await page.waitForTimeout(100);
      tabs.push(page);
    }
    await tabs[2].close();
    await tabs[0].reload();
    for (const page of tabs.slice(0, 2)) await told(page).catch((e) => wrong.push(`shared: ${e}`));
    check((await tabs[1].locator('#ladder li').count()) === addresses.brokenMoments, 'shared: moments are told twice');
    let open = 0; // the server sees a little later that one has ended
    for (let i = 0; i < 50 && open !== 1; i++) open = await (await context.request.get(addresses.sharedCount)).json();
    check(open === 1, `two tabs have ${open} connections`);
    await context.close();
    // Without a shared worker a tab has its own.
    const alone = await browser.newContext();
    await alone.addInitScript(() => { delete window.SharedWorker; });
    const page = await alone.newPage();
    await page.goto(addresses.shared);
    await told(page);
    await alone.close();
  }

  // So is a phone's, and it goes to where the teacher is meanwhile.
  {
    const teacher = await open('steady teacher', addresses.steadyTeacher);
    await teacher.keyboard.press('Home');
    const phone = await open('lost phone', addresses.brokenPhone, { viewport: { width: 400, height: 800 } });
    await phone.waitForFunction(() => /lost/.test(document.querySelector('#state').textContent), null, { timeout: 10000 });
    await teacher.keyboard.press('End');
    const end = await place(teacher);
    await phone.waitForFunction((end) => document.querySelector('#place').textContent === end, end, { timeout: 10000 });
    await phone.waitForTimeout(1500);
    await teacher.keyboard.press('Home');
    await phone.waitForFunction(() => document.querySelector('#place').textContent.startsWith('1 of'), null, { timeout: 10000 });
    await teacher.context().close();
    await phone.context().close();
  }

  // Very many moments stay smooth.
  {
    const begin = Date.now();
    const page = await open('many', addresses.many);
    await page.waitForFunction((n) => document.querySelector('#place').textContent.endsWith(`of ${n}`), addresses.manyMoments, { timeout: 60000 });
    measured.manyReady = Date.now() - begin;
    const times = await page.evaluate(() => {
      const list = [];
      for (let i = 0; i < 40; i++) {
        const begin = performance.now();
        document.dispatchEvent(new KeyboardEvent('keydown', { key: i % 10 === 9 ? 'Home' : 'ArrowRight', bubbles: true }));
        document.body.getBoundingClientRect();
        list.push(performance.now() - begin);
      }
      return list.sort((a, b) => a - b);
    });
    measured.step = times[20];
    measured.slowest = times[39];
    measured.nodes = await page.evaluate(() => document.getElementsByTagName('*').length);
    check(measured.nodes < 20000, `${measured.nodes} elements in the document`);
    check(measured.step < 100, `a step takes ${measured.step} ms`);
    await page.context().close();
  }
}).catch((e) => wrong.push(String(e.stack)));
process.stdout.write(JSON.stringify({ wrong, measured }));


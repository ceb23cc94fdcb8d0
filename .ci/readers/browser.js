// Chromium, or a page in it, for what is read there.
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const places = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

export function launch() {
  const executablePath = places.find((place) => place && existsSync(place));
  return chromium.launch({ executablePath, args: ['--no-sandbox'] });
}

export async function withBrowser(use) {
  const browser = await launch();
  try {
    await use(browser);
  } finally {
    await browser.close();
  }
}

export const withPage = (use) => withBrowser(async (browser) => {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.setContent('<!doctype html><body></body>');
  await use(page);
});

export async function input() {
  let text = '';
  for await (const part of process.stdin.setEncoding('utf8')) text += part;
  return JSON.parse(text);
}

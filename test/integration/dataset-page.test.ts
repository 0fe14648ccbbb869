import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, type TestContext, test } from 'vitest';
import type { DatasetDocument } from '../../src/core/dataset/dataset-document.js';
import { overviewPage } from '../../src/core/dataset/describe/overview-page.js';
import { temporaryFolder } from '../support/cli.js';
import { HOSTILE, madeDataset, madeFeatures } from '../support/dataset.js';

/** Debian's, or another one's path. */
const CHROMIUM = process.env.CIS490_CHROMIUM ?? '/usr/bin/chromium';

/** Texts whose contrast with what is behind them is below what WCAG 2 asks for (AA: 4.5). */
const FAINT_TEXTS = `(() => {
  const channels = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const over = ([r, g, b, a = 1], back) => [r, g, b].map((c, i) => c * a + back[i] * (1 - a));
  const behind = (element) => {
    if (element === null) return [255, 255, 255];
    const own = channels(getComputedStyle(element).backgroundColor);
    return own[3] === 0 ? behind(element.parentElement) : over(own, behind(element.parentElement));
  };
  const light = (colour) => {
    const [r, g, b] = colour.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  const hasText = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== '');
  return [...document.querySelectorAll('body *')].filter(hasText).flatMap((element) => {
    const back = behind(element);
    const ink = over(channels(getComputedStyle(element).color), back);
    const ratio = contrast(light(ink), light(back));
    return ratio < 4.5 ? [element.className + ' ' + element.textContent + ' ' + ratio.toFixed(2)] : [];
  });
})()`;

let browser: Browser | undefined;
beforeAll(async () => {
  if (process.env.CI === undefined && !existsSync(CHROMIUM)) return;
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
}, 60_000);
afterAll(() => browser?.close());

/** The page in a browser, from the disk; what it complains of, and what it asks for. */
async function open(
  context: TestContext,
  scheme: 'light' | 'dark',
  changes: Partial<DatasetDocument> = {},
  width = 1180,
) {
  if (browser === undefined) {
    console.error("LEFT OUT: the overview in a browser, because Debian's chromium is not installed");
    return context.skip();
  }
  const file = join(temporaryFolder(), 'index.html');
  writeFileSync(file, overviewPage(madeDataset(changes), madeFeatures()));
  const page = await browser.newPage({ colorScheme: scheme, viewport: { width, height: 900 } });
  const [complaints, requests]: [string[], string[]] = [[], []];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('dialog', (dialog) => complaints.push(dialog.message()));
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(pathToFileURL(file).href);
  return { page, complaints, requests, url: pathToFileURL(file).href };
}

const SCHEMES = ['light', 'dark'] as const;

test.for(SCHEMES)('in %s it is drawn, asks for nothing and complains of nothing', async (scheme, context) => {
  const { page, complaints, requests, url } = await open(context, scheme);
  const bars = await page
    .locator('svg.bar rect')
    .evaluateAll((all) => all.map((bar) => bar.getBoundingClientRect().width));
  expect(bars).toHaveLength(4);
  for (const width of bars) expect(width).toBeGreaterThan(10);
  expect(complaints).toEqual([]);
  expect(requests).toEqual([url]);
});

test.for(SCHEMES)('in %s every text stands out from what is behind it', async (scheme, context) => {
  const { page } = await open(context, scheme);
  const faint = await page.evaluate(FAINT_TEXTS);
  expect(faint).toEqual([]);
});

test('on a narrow screen nothing but a table is wider than the screen', async (context) => {
  const { page } = await open(context, 'light', {}, 380);
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(380);
});

test('it is read by the keyboard: every link leads to its section, a table can be scrolled', async (context) => {
  const { page } = await open(context, 'light');
  for (const link of await page.locator('nav a').all()) {
    await link.press('Enter');
    expect(await page.locator(new URL(page.url()).hash).count()).toBe(1);
  }
  for (const region of await page.getByRole('region').all()) expect(await region.getAttribute('tabindex')).toBe('0');
  await page.locator('summary').last().press('Enter');
  expect(await page.locator('details').last().getAttribute('open')).toBe(null);
});

test('text from elsewhere does nothing in it', async (context) => {
  const episodes = madeDataset().episodes.map((episode) => ({ ...episode, group: HOSTILE }));
  const { page, complaints, requests } = await open(context, 'light', { name: HOSTILE, warnings: [HOSTILE], episodes });
  expect(await page.locator('script, img').count()).toBe(0);
  expect(await page.locator('h1').textContent()).toContain('<script>alert(1)</script>');
  expect(complaints).toEqual([]);
  expect(requests).toHaveLength(1);
});

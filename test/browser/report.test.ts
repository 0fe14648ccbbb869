import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { browserTest, closeBrowser } from '../support/browser.js';
import { END_MS, GAP_MS, madeReport } from './made-report.js';

closeBrowser();

const drawn = async (page: Page) => {
  await page.waitForFunction(() => document.querySelectorAll('.chart canvas').length === 4);
  return page.locator('.chart');
};

/** What is on each canvas, to be compared. */
const pictures = (page: Page) =>
  page.evaluate(() => [...document.querySelectorAll<HTMLCanvasElement>('.chart canvas')].map((c) => c.toDataURL()));

/** Waits until every canvas shows something else than before. */
async function redrawn(page: Page, before: readonly string[]): Promise<string[]> {
  await page.waitForFunction(
    (former) =>
      [...document.querySelectorAll<HTMLCanvasElement>('.chart canvas')].every((c, i) => c.toDataURL() !== former[i]),
    before,
  );
  return pictures(page);
}

/** What part of the whole time is seen, in seconds, as the map of the phases frames it. */
const seen = (page: Page) =>
  page.evaluate((end) => {
    const frame = document.querySelector<HTMLElement>('.frame')!;
    const [left, width] = [frame.style.left, frame.style.width].map((share) => (Number.parseFloat(share) / 100) * end);
    return frame.hidden ? { from: 0, to: end } : { from: left!, to: left! + width! };
  }, END_MS / 1e3);

/** How many pixels of the colour of lines there are between two times, on the canvas of the chart with this title. */
const linePixels = (page: Page, title: string, fromMs: number, toMs: number) =>
  page.evaluate(
    ({ title: name, from, to }) => {
      const figure = [...document.querySelectorAll('.chart')].find((c) => c.querySelector('h4')!.textContent === name)!;
      const canvas = figure.querySelector('canvas')!;
      const [area, over] = [canvas.getBoundingClientRect(), figure.querySelector('.u-over')!.getBoundingClientRect()];
      const x = (share: number) => Math.round(over.left - area.left + over.width * share);
      const [left, width] = [x(from), x(to) - x(from)];
      const copy = new OffscreenCanvas(width, canvas.height).getContext('2d', { willReadFrequently: true })!;
      copy.drawImage(canvas, -left, 0);
      const { data } = copy.getImageData(0, 0, width, canvas.height);
      const style = getComputedStyle(document.documentElement).getPropertyValue('--oracle').trim();
      const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(style.slice(at, at + 2), 16));
      let count = 0;
      for (let i = 0; i < data.length; i += 4) {
        const isNear = (value: number, at: number) => Math.abs(value - data[i + at]!) < 40;
        if (data[i + 3]! > 200 && isNear(r!, 0) && isNear(g!, 1) && isNear(b!, 2)) count++;
      }
      return count;
    },
    { title, from: fromMs / END_MS, to: toMs / END_MS },
  );

/** Where the first chart is drawn, once the mouse can reach it. */
async function firstArea(page: Page) {
  const area = page.locator('.u-over').first();
  await area.scrollIntoViewIfNeeded();
  return (await area.boundingBox())!;
}

browserTest('charts are drawn, told apart as oracle and deployable by word and by colour', async (open) => {
  const page = await open(await madeReport());
  const charts = await drawn(page);
  expect(await charts.locator('h4').allTextContents()).toEqual(['level', 'read_bytes', 'load', 'cards · faults']);
  expect(await charts.locator('.badge').allTextContents()).toEqual(['oracle', 'oracle', 'deployable', 'deployable']);
  expect(await linePixels(page, 'level', 500, 5_500)).toBeGreaterThan(100);
  const colours = await charts.evaluateAll((all) => all.map((chart) => getComputedStyle(chart).borderTopColor));
  expect(new Set(colours).size).toBe(2);
});

browserTest('a gap is a gap: no line crosses it', async (open) => {
  const page = await open(await madeReport());
  await drawn(page);
  expect(await linePixels(page, 'level', GAP_MS.from + 200, GAP_MS.to - 200)).toBe(0);
  expect(await linePixels(page, 'level', GAP_MS.to + 200, END_MS - 200)).toBeGreaterThan(20);
  expect(await page.locator('.source .note').allTextContents()).toContainEqual(expect.stringMatching(/one gap/));
});

browserTest('a drag over one chart zooms all of them, and a double click shows the whole again', async (open) => {
  const page = await open(await madeReport());
  await drawn(page);
  const whole = await pictures(page);
  const area = await firstArea(page);
  await page.mouse.move(area.x + area.width * 0.2, area.y + 40);
  await page.mouse.down();
  await page.mouse.move(area.x + area.width * 0.5, area.y + 50, { steps: 4 });
  await page.mouse.up();
  await redrawn(page, whole);
  const { from, to } = await seen(page);
  expect(from).toBeCloseTo(2, 0);
  expect(to).toBeCloseTo(5, 0);
  await page.locator('.u-over').nth(2).dblclick();
  await page.waitForFunction(() => document.querySelector<HTMLElement>('.frame')!.hidden);
});

browserTest('one crosshair goes through all charts, and each tells its value there', async (open) => {
  const page = await open(await madeReport());
  await drawn(page);
  const area = await firstArea(page);
  await page.mouse.move(area.x + area.width / 2, area.y + 40);
  await page.waitForFunction(() => document.querySelector('.readout')!.textContent !== '');
  const crosshairs = await page
    .locator('.u-cursor-x')
    .evaluateAll((all) =>
      all.map((line) =>
        Math.round(line.getBoundingClientRect().left - line.parentElement!.getBoundingClientRect().left),
      ),
    );
  expect(new Set(crosshairs).size).toBe(1);
  expect(crosshairs[0]).toBeGreaterThan(area.width / 3);
  expect(await page.locator('figcaption .value').first().textContent()).toBe('4096 B');
  expect(await page.locator('.legend .value').allTextContents()).toEqual(['70 fault/s', '140 fault/s']);
  expect(await page.locator('.readout').textContent()).toMatch(/^(4\.9|5|5\.0)\d* s · \d\d:\d\d:\d\d\.\d{3} UTC$/);
  expect(await page.locator('.tip').textContent()).toContain('target_event, target: code opened');
});

browserTest('keys pan, zoom, reset, move the crosshair and tell what is there', async (open) => {
  const page = await open(await madeReport());
  await drawn(page);
  const spans: { from: number; to: number }[] = [];
  for (const key of ['+', 'ArrowRight', 'ArrowLeft', '-', '0']) {
    await page.keyboard.press(key);
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    spans.push(await seen(page));
  }
  const [closer, later, back, wider, whole] = spans.map(({ from, to }) => [from, to - from]);
  expect(closer![1]).toBeLessThan(7);
  expect(later![0]).toBeGreaterThan(closer![0]!);
  expect(back![0]).toBeCloseTo(closer![0]!, 5);
  expect(wider![1]).toBeGreaterThan(closer![1]!);
  expect(whole).toEqual([0, 10]);
  await page.locator('.plot').first().focus();
  await page.keyboard.press('Shift+ArrowRight');
  expect(await page.locator('.bar [role=status]').textContent()).toBe('0.1 s: 4096 B');
  await page.keyboard.press('/');
  await page.keyboard.type('00++');
  expect(await page.locator('.search input').inputValue()).toBe('00++');
  expect(await seen(page)).toEqual({ from: 0, to: 10 });
});

browserTest('a phase of the map leads to itself', async (open) => {
  const page = await open(await madeReport());
  await drawn(page);
  const before = await pictures(page);
  await page.getByRole('button', { name: 'miner malicious' }).click();
  await redrawn(page, before);
  const { from, to } = await seen(page);
  expect([from, to].map((seconds) => seconds.toFixed(3))).toEqual(['3.000', '7.000']);
});

browserTest('light and dark follow the system until somebody chooses, in the charts too', async (open) => {
  const ground = (page: Page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const file = await madeReport();
  const [light, dark] = [await open(file), await open(file, { colorScheme: 'dark' })];
  await drawn(dark);
  expect(await ground(light)).not.toBe(await ground(dark));
  const before = await pictures(dark);
  await dark.locator('.theme').click();
  await redrawn(dark, before);
  expect(await ground(dark)).toBe(await ground(light));
  await light.locator('.theme').click();
  expect(await ground(light)).not.toBe(await ground(dark));
});

browserTest('a search leaves the fields that have all its words in their names', async (open) => {
  const page = await open(await madeReport());
  await drawn(page);
  const titles = () => page.locator('.chart:visible h4').allTextContents();
  await page.locator('.search input').fill('system fau');
  expect(await titles()).toEqual(['cards · faults']);
  await page.locator('.search input').fill('no such');
  expect(await titles()).toEqual([]);
  expect(await page.locator('.nothing').isVisible()).toBe(true);
  await page.locator('.search input').fill('');
  await page.locator('.moving').check();
  expect(await titles()).toEqual(['read_bytes', 'load']);
});

browserTest('charts are drawn only when they are about to be seen', async (open) => {
  const fields = Object.fromEntries(
    Array.from({ length: 60 }, (_, i) => [
      `f${i}`,
      { type: 'integer', unit: '1', kind: 'gauge', description: 'F.' } as const,
    ]),
  );
  const values = Object.fromEntries(Object.keys(fields).map((name, i) => [name, i]));
  const page = await open(await madeReport({ sources: { many: { fields, rows: [values] } } }));
  await page.waitForSelector('.chart canvas');
  expect(await page.locator('.chart').count()).toBe(60);
  expect(await page.locator('.chart canvas').count()).toBeLessThan(30);
  await page.locator('.chart').last().scrollIntoViewIfNeeded();
  await page.waitForFunction(() => document.querySelector('.chart:last-child canvas') !== null);
});

browserTest('every chart and table says in words what it shows', async (open) => {
  const page = await open(await madeReport());
  const charts = page.getByRole('img');
  expect(await charts.count()).toBe(4);
  expect(await charts.first().getAttribute('aria-label')).toBe(
    'host_proc level in B over time, oracle; min 4096 · mean 4096 · max 4096',
  );
  expect(await page.locator('table:not(:has(caption))').count()).toBe(0);
  await page.locator('.means summary').first().click();
  const means = await page.locator('.means').first().locator('tbody tr').allTextContents();
  expect(means[0]).toBe('levelB409640964096');
});

browserTest('a narrow window is not scrolled sideways', async (open) => {
  const page = await open(await madeReport(), { width: 400 });
  await page.locator('.plot').first().scrollIntoViewIfNeeded();
  await page.waitForSelector('.chart canvas');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(400);
});

browserTest('text from an episode is text, whatever it is', async (open) => {
  const evil = '</script></style><script>window.acted = 1</script><img src=x onerror="window.acted = 1">"\'<!--';
  const fields = {
    [evil]: { type: 'integer', unit: evil, kind: 'gauge', description: evil },
    cards: {
      type: 'array',
      description: evil,
      items: {
        name: { type: 'string', kind: 'info', key: true, description: evil },
        used: { type: 'integer', unit: '1', kind: 'gauge', description: evil },
      },
    },
  } as const;
  const values = {
    [evil]: 1,
    cards: [
      { name: evil, used: 1 },
      { name: 'b', used: 2 },
    ],
  };
  const page = await open(
    await madeReport({
      labels: [{ atMs: 0, phase: evil, label: 'unknown' }],
      events: [{ atMs: 1, event: 'target_event', code: evil, [evil]: evil }],
      reasons: [evil],
      grade: 'degraded',
      meta: {
        notes: evil,
        tags: [evil],
        scenario: { id: evil },
        target: { type: 'command', pid: 1, start_time_ticks: 1n, comm: evil, exe: evil, argv: [evil], is_vm: false },
      },
      sources: { evil: { fields, rows: [values, values] } },
    }),
  );
  await page.waitForSelector('.chart canvas');
  await page
    .locator('.u-over')
    .first()
    .hover({ position: { x: 5, y: 20 } });
  expect(await page.evaluate(() => 'acted' in window)).toBe(false);
  expect(await page.locator('img').count()).toBe(0);
  expect(await page.locator('h4').first().textContent()).toBe(evil);
  expect(await page.locator('.phase span').textContent()).toBe(evil);
});

browserTest('an episode without a row says so', async (open) => {
  const page = await open(
    await madeReport({
      sources: { gpu: { fields: {}, rows: [] } },
      grade: 'invalid',
      reasons: ['gpu has no rows'],
    }),
  );
  expect(await page.locator('.empty').textContent()).toMatch(/not a single row|a single row/);
  expect(await page.locator('.verdict').textContent()).toMatch(/invalid.*gpu has no rows/s);
});

import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, expect, onTestFinished, test } from 'vitest';

const CHROMIUM = '/usr/bin/chromium';
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-dev-shm-usage',
  '--force-device-scale-factor=1',
];
const TIMEOUT_MS = 120_000;

interface OpenOptions {
  readonly width?: number;
  readonly colorScheme?: 'light' | 'dark';
}

/** A page from disk. Whatever it says on its console, throws or asks a network for fails the test. */
export type Open = (file: string, options?: OpenOptions) => Promise<Page>;

let browser: Promise<Browser> | undefined;

/** A test in the real browser. Left out, and loudly, where there is none; in CI it fails there. */
export function browserTest(name: string, run: (open: Open) => Promise<void>): void {
  const isMissing = !existsSync(CHROMIUM);
  const lack = `there is no ${CHROMIUM} (apt-get install chromium)`;
  const isLeftOut = isMissing && process.env.CI === undefined;
  if (isLeftOut) console.error(`LEFT OUT: "${name}", because ${lack}`);
  test.skipIf(isLeftOut)(name, { timeout: TIMEOUT_MS }, async () => {
    if (isMissing) throw new Error(lack);
    await run(open);
  });
}

/** Ends the browser with the tests of a file. */
export function closeBrowser(): void {
  afterAll(async () => (await browser)?.close());
}

async function open(file: string, { width = 1280, colorScheme = 'light' }: OpenOptions = {}): Promise<Page> {
  browser ??= chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });
  const context = await (await browser).newContext({ viewport: { width, height: 900 }, colorScheme });
  const page = await context.newPage();
  const told: string[] = [];
  page.on('console', (message) => told.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => told.push(`thrown: ${error.message}`));
  page.on('dialog', (dialog) => told.push(`dialog: ${dialog.message()}`));
  page.on('request', (request) => {
    if (request.url() !== pathToFileURL(file).href) told.push(`request: ${request.url().slice(0, 200)}`);
  });
  onTestFinished(async () => {
    await context.close();
    expect(told).toEqual([]);
  });
  await page.goto(pathToFileURL(file).href);
  return page;
}

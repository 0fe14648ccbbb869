import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { DatasetDocument } from '../../../src/core/dataset/dataset-document.js';
import { overviewPage } from '../../../src/core/dataset/describe/overview-page.js';
import { HOSTILE, madeDataset, madeFeatures, UNSEEN } from '../../support/dataset.js';

const page = (changes: Partial<DatasetDocument> = {}) => overviewPage(madeDataset(changes), madeFeatures());
const sectionsOf = (text: string) => [...text.matchAll(/<section id="([^"]+)"/g)].map(([, id]) => id);

test('it loads nothing and runs nothing, and its policy allows its own style alone', () => {
  const text = page();
  expect(text).not.toMatch(/<script|<link|<img|<iframe|javascript:|https?:|@import|url\(|\son\w+=|\sstyle=/i);
  const style = /<style>(.*)<\/style>/s.exec(text)![1]!;
  const digest = createHash('sha256').update(style).digest('base64');
  expect(text).toContain(`default-src 'none'; style-src 'sha256-${digest}'`);
});

test('it has a section for each thing there is to know, and a link to each', () => {
  const text = page();
  const sections = ['warnings', 'classes', 'sources', 'features', 'left-out', 'episodes', 'tables', 'command'];
  expect(sectionsOf(text)).toEqual(sections);
  for (const id of sections) expect(text).toContain(`href="#${id}"`);
});

test('a section that has nothing to tell is not there, and nothing links to it', () => {
  const text = page({ warnings: [], views: ['deployable'], excluded_rows: [], excluded_episodes: [] });
  expect(sectionsOf(text)).toEqual(['classes', 'sources', 'features', 'episodes', 'tables', 'command']);
  expect(text).not.toMatch(/href="#(warnings|left-out)"/);
});

test('a bar tells its split, its rows and the share of each class in words too', () => {
  expect(page()).toContain('aria-label="train, 60 rows: benign 68 %, malicious 32 %"');
});

test('a feature is shown with where its values lie, one without values as such', () => {
  expect(page()).toContain('system__context_switches__rate: from 12 to 4021, mean 812.3');
  const features = new Map(
    [...madeFeatures()].map(([view, document]) => [
      view,
      { ...document, features: document.features.map((feature) => ({ ...feature, statistics: null })) },
    ]),
  );
  expect(overviewPage(madeDataset(), features)).toContain('no values');
});

test('oracle and deployable are told apart by word, not by colour alone', () => {
  expect(page()).toMatch(/host_proc<\/code><\/th><td class=""><span class="badge oracle">oracle</);
  expect(page()).toMatch(/system<\/code><\/th><td class=""><span class="badge deployable">deployable</);
});

test('an empty data set has a page', () => {
  const text = page({ episodes: [], classes: [], aligned_rows: {}, tables: [], sources: [] });
  expect(text).toContain('0 labelled rows from 0 episodes');
  expect(text).not.toMatch(/NaN|Infinity|undefined/);
});

test('a page of a great many episodes says where the rest is', () => {
  const [episode] = madeDataset().episodes;
  const text = page({ episodes: Array.from({ length: 1500 }, () => episode!) });
  expect(text).toContain('500 more are in dataset.json');
  expect(text.length).toBeLessThan(1e6);
});

test('text from elsewhere is text, whatever is in it', () => {
  const text = page({
    name: HOSTILE,
    command: [HOSTILE],
    warnings: [HOSTILE],
    episodes: madeDataset().episodes.map((episode) => ({ ...episode, group: HOSTILE })),
    excluded_episodes: [{ id: HOSTILE, path: HOSTILE, why: HOSTILE }],
  });
  expect(text).not.toContain('<script');
  expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  for (const character of UNSEEN) expect(text).not.toContain(character);
});

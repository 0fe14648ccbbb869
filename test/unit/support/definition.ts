/** A sound definition, to be broken in one place by each test. */
export const SOUND = {
  apiVersion: 1,
  kind: 'files',
  name: 'gpu',
  version: '1.0.0',
  rowVersion: 1,
  summary: 'A graphics card.',
  availableInDeployment: { value: false, rationale: 'The device has none.' },
  fields: {
    used_bytes: { type: 'integer', unit: 'By', kind: 'gauge', description: 'Memory in use.' },
    name: { type: 'string', kind: 'info', description: 'What it is called.' },
    cards: {
      type: 'array',
      description: 'Each card.',
      items: { faults: { type: 'integer', unit: '{fault}', kind: 'counter', reset: 'device', description: 'Faults.' } },
    },
  },
  options: {
    type: 'object',
    additionalProperties: false,
    properties: { card: { type: 'integer', description: 'Which one.' } },
  },
  files: () => ({}),
  parse: () => null,
};

type Change = Readonly<Record<string, unknown>>;

export const withField = (name: string, change: Change) => ({
  ...SOUND,
  fields: { ...SOUND.fields, [name]: { ...SOUND.fields.used_bytes, ...change } },
});

export const withItem = (name: string, change: Change) => ({
  ...SOUND,
  fields: {
    cards: { ...SOUND.fields.cards, items: { [name]: { ...SOUND.fields.cards.items.faults, ...change } } },
  },
});

export const withArray = (change: Change) => ({ ...SOUND, fields: { cards: { ...SOUND.fields.cards, ...change } } });

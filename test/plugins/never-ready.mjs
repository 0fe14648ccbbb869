/** Its start never resolves. */
export default {
  apiVersion: 1,
  version: '1.0.0',
  rowVersion: 1,
  kind: 'polled',
  name: 'never_ready',
  summary: 'Is never ready.',
  availableInDeployment: { value: false, rationale: 'A test.' },
  fields: { value: { type: 'integer', unit: '1', kind: 'gauge', description: 'A number.' } },
  options: { type: 'object', additionalProperties: false, properties: {} },
  create: () => ({ start: () => new Promise(() => {}), sample: () => null }),
};

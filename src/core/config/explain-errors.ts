import type { ErrorObject } from 'ajv';
import { redact, redactAll } from '../redaction/redact.js';
import { isSecretName } from '../redaction/secret-name.js';

/**
 * One sentence for a violation: where, the offending value unless it is a secret, what would have been right. Needs ajv's
 * `verbose`.
 */
export function explainError(error: ErrorObject, root: string): string {
  const where = place(root, error.instancePath);
  const { params, keyword, parentSchema } = error;
  // only where it is shown: each of 50,000 unknown keys has all of them as its data
  const data = () => (error.instancePath.split('/').some(isSecretName) ? redactAll(error.data) : redact(error.data));
  const meaning = typeof parentSchema?.description === 'string' ? ` (${trimDot(parentSchema.description)})` : '';
  switch (keyword) {
    case 'additionalProperties': {
      const known = Object.keys((parentSchema?.properties as object | undefined) ?? {});
      return `${join(where, params.additionalProperty as string)}: there is no such key; there are ${known.join(', ') || 'none'}`;
    }
    case 'required':
      return `${join(where, params.missingProperty as string)} is missing`;
    case 'dependentRequired':
      return `${join(where, params.missingProperty as string)} is missing: "${params.property}" needs it`;
    case 'propertyNames':
      return `${where}: ${show(params.propertyName)} is no valid name${meaning}`;
    case 'enum':
      return `${where} is ${show(data())}; it must be one of ${(params.allowedValues as unknown[]).map(show).join(', ')}`;
    case 'discriminator':
      return `${join(where, String(params.tag))} is ${params.tagValue === undefined ? 'missing' : show(params.tagValue)}; it must be one of the types that the schema lists${meaning}`;
    case 'type':
      return `${where} is ${show(data())}; it must be ${[params.type].flat().join(' or ')}${meaning}`;
    case 'pattern':
      return `${where} is ${show(data())}; it must be ${meaning === '' ? `like ${params.pattern}` : lowerFirst(meaning.slice(2, -1))}`;
    default:
      return `${where} is ${show(data())}; it ${error.message}${meaning}`;
  }
}

/** Violations that only repeat what a deeper one says better. */
export function isEcho(error: ErrorObject): boolean {
  return error.keyword === 'if' || error.propertyName !== undefined;
}

function place(root: string, instancePath: string): string {
  const steps = instancePath
    .split('/')
    .slice(1)
    .map((step) => step.replace(/~1/g, '/').replace(/~0/g, '~'));
  return steps.reduce(join, root);
}

function join(where: string, step: string): string {
  if (/^\d+$/.test(step)) return `${where}[${step}]`;
  return where === '' ? step : `${where}.${step}`;
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

const trimDot = (text: string) => text.replace(/\.$/, '');

import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { DestinationError, type OpenDestination } from '../../index.js';
import type { Address } from './address.js';

/** What RFC 6750 lets a bearer token consist of, and a little more: nothing that could end the header. */
const TOKEN = /^[\x21-\x7e]+$/;

/** The bearer token, if there is one. Throws `lasting` where others could read it on the way. */
export function tokenOf(env: OpenDestination['env'], name: string, { origin, isPrivate }: Address): string | undefined {
  const token = env[name];
  if (token === undefined || token === '') return undefined;
  if (!TOKEN.test(token))
    throw new DestinationError('lasting', `${name} holds a blank or another character that no bearer token has`);
  if (!isPrivate)
    throw new DestinationError('lasting', `the token in ${name} is not sent over plain HTTP to ${origin}`, {
      hint: 'Use https://, or unset the variable if the server wants no token',
    });
  return token;
}

/** The content of a file with certificates, which are looked at: TLS itself passes over what is none, and trusts nobody then. */
export async function authorityOf(path: string, baseDir: string): Promise<string> {
  const file = resolve(baseDir, path);
  try {
    const pem = await readFile(file, 'utf8');
    new X509Certificate(pem);
    return pem;
  } catch (cause) {
    throw new DestinationError('lasting', `the ca_file ${file} can not be used: ${(cause as Error).message}`, {
      cause,
      hint: 'It holds certificates in PEM: -----BEGIN CERTIFICATE-----',
    });
  }
}

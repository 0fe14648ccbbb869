import { CisError } from '../../errors/cis-error.js';

/** A test that was not made proves nothing: it counts as a leak. */
export function untestable(why: string, options: { readonly hint?: string } = {}): CisError {
  return new CisError(
    'NETWORK_NOT_CONTAINED',
    `it could not be tested whether the guest is contained: ${why}`,
    options,
  );
}

/** What every ref store checks of a transaction, and how it refuses one. */
import { ConfigError } from '../../errors.js';
import { isOid, zeroOid } from '../objects/oid.js';
import type { Oid, RefEdit } from '../types.js';
import { checkRefName } from './name.js';

/** Of edits sorted by name. Throws E_BAD_REF_NAME, E_USAGE. */
export function checkEdits(sorted: readonly RefEdit[]): void {
  sorted.forEach(({ name, value, expected }, index) => {
    checkRefName(name);
    if (sorted[index + 1]?.name === name) throw new ConfigError('E_USAGE', `ref '${name}' is changed twice`);
    if (value !== null && typeof value !== 'string') checkRefName(value.target);
    for (const oid of [value, expected])
      if (typeof oid === 'string' && (!isOid(oid) || oid === zeroOid)) throw notAnId(oid);
  });
}

function notAnId(oid: string): ConfigError {
  return new ConfigError('E_USAGE', `'${oid}' is not the id of an object`);
}

/** E_STALE: another value than was expected. */
export function staleRef({ name, expected }: RefEdit, actual: Oid | undefined): ConfigError {
  const is = actual === undefined ? 'does not exist' : `is at ${actual}`;
  const wanted = expected ? `not at ${expected}` : 'but was expected not to exist';
  return new ConfigError('E_STALE', `'${name}' ${is}, ${wanted}`, {
    hint: 'someone changed it meanwhile: look at the new state and run the command again',
    details: { ref: name, expected: expected ?? null, actual: actual ?? null },
  });
}

/** E_EXISTS: `a` and `a/b` cannot both be refs. */
export function refClash(name: string, other: string | undefined): ConfigError {
  const why = other === undefined ? 'another ref is in the way' : `'${other}' exists`;
  return new ConfigError('E_EXISTS', `cannot create '${name}': ${why}`, {
    hint: 'choose another name, or delete the other one first',
    details: { ref: name, ...(other === undefined ? {} : { other }) },
  });
}

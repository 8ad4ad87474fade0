import type { CheckedSignature } from '../../store/index.js';
import { visible } from './style.js';

/** What is known of a signature, in a few words. */
export function signatureLine({ format, status, signers, key, reason }: CheckedSignature): string {
  const name = key === undefined ? '' : `, key ${visible(key)}`;
  if (status === 'good') return `signed by ${visible(signers?.[0] ?? '')}${name}`;
  const heads = {
    unknown: 'signed, by nobody known here',
    bad: 'BAD SIGNATURE',
    unchecked: 'signed, not checked',
  };
  const kind = format === 'ssh' ? '' : ` (${format})`;
  return `${heads[status]}${kind}${name}${reason === undefined ? '' : `: ${visible(reason)}`}`;
}

import type { ApprovalInfo } from '../../repo/index.js';
import { dateOf } from './history.js';
import { signatureLine } from './signature.js';
import { visible } from './style.js';
import { padded } from './text.js';

/** A line an approval: when, who, and what they said. */
export function approvalLines(approvals: readonly ApprovalInfo[]): readonly string[] {
  const isSigned = approvals.some(({ signature }) => signature !== undefined);
  const rows = approvals.map(({ by, at, message, signature }) => [
    dateOf(at),
    visible(by),
    ...(isSigned ? [signature === undefined ? 'not signed' : signatureLine(signature)] : []),
    visible(message.split('\n', 1)[0] ?? ''),
  ]);
  return padded(rows).map((cells) => `  ${cells.join('  ').trimEnd()}`);
}

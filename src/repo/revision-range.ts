import { ConfigError } from '../errors.js';
import { mergeBases, resolveCommit, type Store } from '../store/index.js';
import type { HistoryRange } from './history.js';

/**
 * The commits that a text means: those that a revision reaches; `A..B` those of B that A has not; `A...B` those that only one of
 * them has. An end left out is HEAD (git: Documentation/revisions). Throws E_REVISION_NOT_FOUND, E_USAGE.
 */
export async function resolveRange(store: Store, text: string): Promise<HistoryRange> {
  const match = /^(.*?)(\.{2,3})(.*)$/.exec(text);
  if (match === null) return { starts: [await resolveCommit(store, text)], hide: [] };
  const [, left = '', dots = '', right = ''] = match;
  if (right.startsWith('.'))
    throw new ConfigError('E_USAGE', `'${text}' is not a range of revisions`, {
      hint: 'write it as A..B or A...B',
    });
  const [from, to] = [
    await resolveCommit(store, left === '' ? 'HEAD' : left),
    await resolveCommit(store, right === '' ? 'HEAD' : right),
  ];
  if (dots === '..') return { starts: [to], hide: [from] };
  return { starts: [from, to], hide: await mergeBases(store, from, to) };
}

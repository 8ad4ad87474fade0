import type { FetchedRemote, RefUpdate } from '../../repo/index.js';
import { visible, type Style } from './style.js';
import { lines, padded, short } from './text.js';

/** What became of the refs of each remote, for people. */
export function renderFetched(fetched: readonly FetchedRemote[], style: Style): string {
  return fetched
    .map(({ remote, url, updates }) =>
      updates.length === 0
        ? lines([`${visible(remote)} (${visible(url)}) has nothing new`])
        : lines([`From ${visible(url)}`, ...updateRows(updates, style)]),
    )
    .join('');
}

/** A row for each ref: what happened, from where to where. */
export function updateRows(updates: readonly RefUpdate[], style: Style): string[] {
  const rows = padded(
    updates.map((update) => [words[update.result], visible(shortName(update.ref)), rangeOf(update)]),
  );
  return rows.map((row, at) => {
    const text = `  ${row.join('  ')}`;
    const { result } = updates[at] ?? {};
    if (result === 'rejected') return style.red(text);
    return result === 'forced' || result === 'deleted' ? style.yellow(text) : text;
  });
}

const words: Readonly<Record<RefUpdate['result'], string>> = {
  new: 'new',
  'fast-forward': 'updated',
  forced: 'forced',
  deleted: 'gone',
  ahead: 'kept',
  rejected: 'refused',
};

function rangeOf({ before, after, result, reason }: RefUpdate): string {
  if (reason !== undefined) return reason;
  if (result === 'ahead') return 'has more than the remote';
  const steps = [before, after].flatMap((oid) => (oid === null ? [] : [short(oid)]));
  return steps.join(result === 'forced' ? '...' : '..');
}

/** A branch, a tag or an approval as people call it. */
export function shortName(ref: string): string {
  const [, approved] = /^refs\/cfg\/approvals\/([0-9a-f]+)\//.exec(ref) ?? [];
  if (approved !== undefined) return `approval of ${short(approved)}`;
  return ref.replace(/^refs\/(heads|remotes|tags)\//, '').replace(/^refs\/cfg\//, 'cfg/');
}

import type { MergeAnswer } from '../../repo/index.js';
import { noteRows, renderConflicts, type SideLabels } from './conflicts.js';
import { visible, type Style } from './style.js';
import { count, firstFew, lines, short } from './text.js';

/** What a merge did, or with `dryRun` would do, for people. */
export function renderMerge(
  answer: MergeAnswer,
  { labels, dryRun = false }: { readonly labels: SideLabels; readonly dryRun?: boolean },
  style: Style,
): string {
  const open = new Set(answer.conflicts.map(({ file }) => file));
  const files = answer.files.filter((path) => !open.has(path));
  const stopped = answer.result === 'conflicts';
  const head = lines([
    headline(answer.result, {
      ...labels,
      dryRun,
      files: count(files.length, 'file'),
      open: count(open.size, 'file'),
      commit: answer.commit,
    }),
    ...firstFew(files.map((path) => `  ${stopped ? 'merged  ' : ''}${visible(path)}`)),
    ...noteRows(answer.notes, style),
  ]);
  if (!stopped) return head;
  return `${head}\n${renderConflicts(answer.conflicts, labels, {
    style,
    next: dryRun ? undefined : { by: 'cfg', verb: 'merge' },
  })}`;
}

interface Headline extends SideLabels {
  readonly dryRun: boolean;
  readonly files: string;
  /** Those in conflict. */
  readonly open: string;
  readonly commit: string | undefined;
}

function headline(
  result: MergeAnswer['result'],
  { dryRun, files, open, commit, ...labels }: Headline,
): string {
  const [ours, theirs] = [visible(labels.ours), visible(labels.theirs)];
  const at = commit === undefined || dryRun ? '' : ` at ${short(commit)}`;
  if (result === 'up-to-date') return `Already up to date: ${ours} contains ${theirs}`;
  if (result === 'fast-forward')
    return `${dryRun ? 'Would fast-forward' : 'Fast-forwarded'} ${ours} to ${theirs}${at}: ${files}`;
  if (result === 'merged')
    return `${dryRun ? 'Would merge' : 'Merged'} ${theirs} into ${ours}${at}: ${files}`;
  return `Merging ${theirs} into ${ours} ${dryRun ? 'would stop' : 'stopped'}: ${open} in conflict, ${files} merged`;
}

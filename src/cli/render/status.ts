import type { PathChange, StatusAnswer, Waiting } from '../../repo/index.js';
import { proceedings } from './conflicts.js';
import { visible, type Style } from './style.js';
import { count, lines } from './text.js';

/** `cfg status` for people: where HEAD is, what changed, and what to do next. */
export function renderStatus(answer: StatusAnswer, style: Style, waiting?: Waiting): string {
  return lines([
    headline(answer, waiting, style),
    ...upstream(answer),
    ...section(
      'Conflicts:',
      answer.conflicts.map((path) => style.red(`  ${visible(path)}`)),
      style,
    ),
    ...section(
      'Staged:',
      answer.staged.map((change) => style.green(changeRow(change))),
      style,
    ),
    ...section(
      'Not staged:',
      answer.unstaged.map((change) => style.red(changeRow(change))),
      style,
    ),
    ...section(
      'Untracked:',
      answer.untracked.map((path) => style.red(`  ${visible(path)}`)),
      style,
    ),
    ...section(
      'Not readable, taken for unchanged:',
      (answer.unreadable ?? []).map((path) => style.red(`  ${visible(path)}`)),
      style,
    ),
    '',
    nextStep(answer, waiting),
  ]);
}

function headline(
  { branch, head, protection }: StatusAnswer,
  waiting: Waiting | undefined,
  style: Style,
): string {
  const place =
    branch === null
      ? `HEAD detached at ${(head ?? '').slice(0, 7)}`
      : `On branch ${style.bold(visible(branch))}`;
  const notes = [
    ...(protection === 'none' ? [] : [`${protection} protection`]),
    ...(head === null ? ['no commits yet'] : []),
    ...(waiting === undefined ? [] : [`${waiting.verb} in progress`]),
  ];
  return notes.length === 0 ? place : `${place} (${notes.join(', ')})`;
}

function upstream({ upstream: remote }: StatusAnswer): string[] {
  if (remote === null) return [];
  const { ahead, behind } = remote;
  const ref = visible(remote.ref);
  if (ahead === 0 && behind === 0) return [`Up to date with ${ref}`];
  const parts = [
    ...(ahead > 0 ? [`${count(ahead, 'commit')} ahead${behind > 0 ? '' : ' of'}`] : []),
    ...(behind > 0 ? [`${count(behind, 'commit')} behind`] : []),
  ];
  return [`${parts.join(', ')} ${ref}`];
}

function changeRow({ path, change, from }: PathChange): string {
  const name = from === undefined ? visible(path) : `${visible(from)} -> ${visible(path)}`;
  return `  ${change.padEnd(8)}  ${name}`;
}

function section(title: string, rows: readonly string[], style: Style): string[] {
  return rows.length === 0 ? [] : ['', style.bold(title), ...rows];
}

function nextStep(answer: StatusAnswer, waiting: Waiting | undefined): string {
  const { conflicts, staged, unstaged } = answer;
  const untracked = answer.untracked.filter((path) => !path.endsWith('/')); // other repositories are not added
  const back = waiting === undefined ? '' : `; '${proceedings(waiting).back}' goes back`;
  if (conflicts.length > 0) return `Next: 'cfg conflicts' shows what to decide${back}`;
  if (waiting !== undefined) return `Next: ${proceedings(waiting).proceed}`;
  const open = unstaged.length > 0 || untracked.length > 0;
  if (staged.length > 0)
    return open
      ? `Next: 'cfg add PATH…' to stage more, or cfg commit -m "MESSAGE"`
      : `Next: cfg commit -m "MESSAGE"`;
  if (unstaged.length > 0) return `Next: 'cfg diff' to look, cfg commit -a -m "MESSAGE" to record`;
  if (untracked.length > 0) return `Next: cfg add -A`;
  return answer.untracked.length > 0 ? 'Nothing to commit' : 'Nothing to commit, working tree clean';
}

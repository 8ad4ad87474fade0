import type { CommitInfo, KeyCommitInfo, ShowAnswer } from '../../repo/index.js';
import { changeLine, renderDiff } from './diff.js';
import type { InnerChanges } from './key-history.js';
import { visible, type Style } from './style.js';
import { inline, lines, short } from './text.js';

/** `cfg log` for people: compact, newest first, tags beside the commit. */
export function renderLog(
  commits: readonly (CommitInfo | KeyCommitInfo)[],
  style: Style,
  inner: InnerChanges,
): string {
  return commits
    .map((commit) =>
      lines([header(commit, style), ...message(commit, style), ...values(commit, style, inner)]),
    )
    .join('\n');
}

/** One line a commit. */
export function renderOneline(commits: readonly (CommitInfo | KeyCommitInfo)[], style: Style): string {
  return lines(
    commits.map((commit) => {
      const change = valueChange(commit, style);
      return `${style.yellow(short(commit.commit))}${tags(commit, style)} ${visible(subject(commit))}${change === undefined ? '' : `  ${change}`}`;
    }),
  );
}

/** A commit with its changes by key. */
export function renderCommit(commit: Extract<ShowAnswer, CommitInfo>, style: Style): string {
  const diff = renderDiff(commit.changes, style);
  return lines([header(commit, style), ...message(commit, style)]) + (diff === '' ? '' : `\n${diff}`);
}

function header(commit: CommitInfo, style: Style): string {
  const { name, date } = commit.author;
  const merge =
    commit.parents.length > 1 ? style.dim(`  merge of ${commit.parents.map(short).join(' ')}`) : '';
  return `${style.yellow(short(commit.commit))}${tags(commit, style)}  ${dateOf(date)}  ${visible(name)}${merge}`;
}

/** RFC 3339 as `2026-01-31 17:05`, in the author's own time. */
export function dateOf(date: string): string {
  return visible(date.slice(0, 16).replace('T', ' '));
}

function tags(commit: CommitInfo, style: Style): string {
  return commit.tags.length === 0 ? '' : style.cyan(` (${commit.tags.map(visible).join(', ')})`);
}

function message(commit: CommitInfo, style: Style): string[] {
  return style
    .block(commit.message)
    .split('\n')
    .map((line) => (line === '' ? '' : `    ${line}`));
}

function subject(commit: CommitInfo): string {
  return commit.message.split('\n', 1)[0] ?? '';
}

function values(commit: CommitInfo | KeyCommitInfo, style: Style, inner: InnerChanges): string[] {
  const inside = inner.get(commit.commit);
  if (inside !== undefined) return inside.map((one) => `  ${changeLine(one, style)}`);
  const change = valueChange(commit, style);
  return change === undefined ? [] : [`    ${change}`];
}

/** What the commit did to the key whose history was asked for. */
function valueChange(commit: CommitInfo | KeyCommitInfo, style: Style): string | undefined {
  if (!('before' in commit) && !('after' in commit)) return undefined;
  const room = Math.floor((style.columns - 12) / 2);
  return style.green(`${inline(commit.before, room)} -> ${inline(commit.after, room)}`);
}

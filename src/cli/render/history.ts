import { addressOf } from '../../doc/index.js';
import type { CommitInfo, KeyCommitInfo, LoggedCommit, ShowAnswer } from '../../repo/index.js';
import { changeLine, renderDiff } from './diff.js';
import { drawGraph } from './graph.js';
import type { InnerChanges } from './key-history.js';
import { signatureLine } from './signature.js';
import { visible, type Style } from './style.js';
import { inline, lines, short } from './text.js';

/** `cfg log` for people: compact, newest first, tags beside the commit. */
export function renderLog(commits: readonly LoggedCommit[], style: Style, inner: InnerChanges): string {
  const texts = commits.map((commit) => [
    header(commit, style),
    ...signature(commit),
    ...message(commit, style),
    ...values(commit, style, inner),
  ]);
  if (commits.some(({ edges }) => edges !== undefined))
    return graphed(
      commits,
      texts.map((text) => [...text, '']),
    );
  return texts.map(lines).join('\n');
}

/** One line a commit. */
export function renderOneline(commits: readonly LoggedCommit[], style: Style): string {
  const texts = commits.map((commit) => {
    const change = valueChange(commit, style);
    const signed = commit.signature && style.dim(`(${signatureLine(commit.signature)})`);
    const head = `${style.yellow(short(commit.commit))}${tags(commit, style)} ${visible(subject(commit))}`;
    return [head, change, signed].filter((part) => part !== undefined).join('  ');
  });
  return commits.some(({ edges }) => edges !== undefined)
    ? graphed(
        commits,
        texts.map((text) => [text]),
      )
    : lines(texts);
}

function graphed(commits: readonly LoggedCommit[], texts: readonly (readonly string[])[]): string {
  const drawn = commits.map(({ commit, edges = [] }, at) => ({ commit, edges, text: texts[at] ?? [] }));
  return lines(drawGraph(drawn));
}

/** A commit with its changes by key. */
export function renderCommit(commit: Extract<ShowAnswer, CommitInfo>, style: Style): string {
  const head = lines([header(commit, style), ...signature(commit), ...message(commit, style)]);
  const diff = renderDiff(commit.changes, style) || nothingDecided(commit, style);
  return head + (diff === '' ? '' : `\n${diff}`);
}

/** What there is to see instead. */
function nothingDecided({ commit, parents: [first, ...others] }: CommitInfo, style: Style): string {
  if (first === undefined || others.length === 0) return '';
  const command = `cfg diff ${short(first)} ${short(commit)}`;
  return lines([style.dim(`Every value is that of one of its parents; what came in: ${command}`)]);
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

function signature(commit: CommitInfo): string[] {
  return commit.signature === undefined ? [] : [`    ${signatureLine(commit.signature)}`, ''];
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

function values(commit: LoggedCommit, style: Style, inner: InnerChanges): string[] {
  if (commit.changes !== undefined)
    return commit.changes.map(({ file, ...one }) =>
      changeLine({ ...one, path: addressOf(file, one.path) }, style),
    );
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

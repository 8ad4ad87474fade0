import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mergeContents, planTreeMerge, type TreeChange, type TreeFile } from '../../src/merge/index.js';

/** All pairs of edits of one tree, both ways round, against `git merge-tree`. */

interface File {
  readonly mode: TreeFile['mode'];
  readonly text: string;
}
type Tree = ReadonlyMap<string, File>;

const plain = (text: string): File => ({ mode: '100644', text });
const lines = Array.from({ length: 12 }, (_, n) => `line ${n}\n`);
const original = lines.join('');
const edited = (at: number, line: string): string => lines.with(at, line).join('');

const base: Tree = new Map([
  ['f', plain(original)],
  ['d/one', plain('one\n')],
  ['d/two', plain('two\n')],
]);

const without = (tree: Tree, ...paths: readonly string[]): Tree =>
  new Map([...tree].filter(([path]) => !paths.includes(path)));
const having = (tree: Tree, path: string, file: File): Tree => new Map([...tree, [path, file]]);

const edits: Readonly<Record<string, Tree>> = {
  'edit-top': having(base, 'f', plain(edited(0, 'top\n'))),
  'edit-top-other': having(base, 'f', plain(edited(0, 'other\n'))),
  'edit-bottom': having(base, 'f', plain(edited(11, 'bottom\n'))),
  delete: without(base, 'f'),
  rename: having(without(base, 'f'), 'g', plain(original)),
  'rename-edited': having(without(base, 'f'), 'g', plain(edited(5, 'middle\n'))),
  'rename-other': having(without(base, 'f'), 'h', plain(original)),
  chmod: having(base, 'f', { mode: '100755', text: original }),
  'to-symlink': having(base, 'f', { mode: '120000', text: 'd/one' }),
  'to-folder': having(without(base, 'f'), 'f/x', plain('x\n')),
  add: having(base, 'g', plain('added\n')),
  'add-other': having(base, 'g', plain('added otherwise\n')),
  'add-folder': having(base, 'g/x', plain('x\n')),
  'rename-folder': having(
    having(without(base, 'd/one', 'd/two'), 'e/one', plain('one\n')),
    'e/two',
    plain('two\n'),
  ),
};

/** Why some pairs differ from git on purpose; every other pair must give the same tree, or the same conflicted paths. */
const bothAtOnePath =
  'git puts one of the two under another name; cfg keeps ours at the path, and both in the index';
const differences: Readonly<Record<string, string>> = {
  'edit-top + to-symlink': bothAtOnePath,
  'edit-top-other + to-symlink': bothAtOnePath,
  'edit-bottom + to-symlink': bothAtOnePath,
  'chmod + to-symlink': bothAtOnePath,
};

const oidOf = (text: string): string =>
  createHash('sha1')
    .update(`blob ${Buffer.byteLength(text)}\0${text}`)
    .digest('hex');
const fileOf = (tree: Tree, path: string): TreeFile | undefined => {
  const file = tree.get(path);
  return file && { path, mode: file.mode, oid: oidOf(file.text) };
};

function changesOf(tree: Tree): readonly TreeChange[] {
  const paths = [...new Set([...base.keys(), ...tree.keys()])].toSorted();
  return paths.flatMap((path): readonly TreeChange[] => {
    const [before, after] = [fileOf(base, path), fileOf(tree, path)];
    if (before?.oid === after?.oid && before?.mode === after?.mode) return [];
    return [{ path, ...(before && { before }), ...(after && { after }) }];
  });
}

interface Outcome {
  readonly isClean: boolean;
  /** `mode oid path`, or the conflicted paths. */
  readonly lines: readonly string[];
}

function byPlan(labels: { readonly ours: string; readonly theirs: string }): Outcome {
  const [ours, theirs] = [edits[labels.ours] ?? base, edits[labels.theirs] ?? base];
  const texts = new Map(
    [base, ours, theirs].flatMap((tree) => [...tree.values()].map(({ text }) => [oidOf(text), text])),
  );
  const read = (oid: string): Uint8Array => new TextEncoder().encode(texts.get(oid) ?? '');
  const plan = planTreeMerge({ ours: changesOf(ours), theirs: changesOf(theirs), read, labels });
  const result = new Map([...ours.keys()].map((path) => [path, fileOf(ours, path)]));
  for (const path of plan.deletes) result.delete(path);
  for (const file of plan.writes) result.set(file.path, file);
  const conflicts = new Set(plan.conflicts.map(({ path }) => path));
  for (const { path, mode, base: before, ours: mine, theirs: other } of plan.merges) {
    const merged = mergeContents({
      path,
      base: before && read(before.oid),
      ours: read(mine.oid),
      theirs: read(other.oid),
    });
    if (merged.conflicts.length > 0) conflicts.add(path);
    result.set(path, { path, mode, oid: oidOf(new TextDecoder().decode(merged.data)) });
  }
  if (conflicts.size > 0) return { isClean: false, lines: [...conflicts].toSorted() };
  return {
    isClean: true,
    lines: [...result.values()]
      .flatMap((file) => (file ? [`${file.mode} ${file.oid} ${file.path}`] : []))
      .toSorted(),
  };
}

let dir = '';
const git = (args: readonly string[], input = ''): string =>
  execFileSync('git', args, { cwd: dir, input, encoding: 'utf8' });

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'cfg-tree-'));
  git(['init', '-q', '-b', 'main']);
  const commands: string[] = [];
  for (const [index, name] of ['base', ...Object.keys(edits)].entries()) {
    const tree = edits[name] ?? base;
    commands.push(
      `commit refs/heads/${name}\nmark :${index + 1}\ncommitter A <a@example.org> 1700000000 +0000\ndata 1\nx\n`,
    );
    if (index > 0) commands.push('from :1\n');
    commands.push('deleteall\n');
    for (const [path, { mode, text }] of tree)
      commands.push(`M ${mode} inline ${path}\ndata ${Buffer.byteLength(text)}\n${text}\n`);
  }
  git(['fast-import', '--quiet'], commands.join(''));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function byGit(ours: string, theirs: string): Outcome {
  const { status, stdout } = spawnSync(
    'git',
    ['merge-tree', '--write-tree', '--name-only', '--no-messages', ours, theirs],
    {
      cwd: dir,
      encoding: 'utf8',
    },
  );
  const [tree = '', ...rest] = stdout.trim().split('\n');
  if (status !== 0) return { isClean: false, lines: rest.filter((path) => path !== '').toSorted() };
  const entries = git(['ls-tree', '-r', tree]).trim().split('\n');
  return { isClean: true, lines: entries.map((line) => line.replace(/ blob (\w+)\t/, ' $1 ')).toSorted() };
}

const names = Object.keys(edits);
const pairs = names.flatMap((ours) =>
  names.filter((theirs) => theirs !== ours).map((theirs) => ({ ours, theirs })),
);
const isKnown = ({ ours, theirs }: { readonly ours: string; readonly theirs: string }): boolean =>
  differences[[ours, theirs].toSorted().join(' + ')] !== undefined;

describe('planTreeMerge and git merge-tree', () => {
  it.each(pairs.filter((pair) => !isKnown(pair)))('agree on $ours and $theirs', ({ ours, theirs }) => {
    expect(byPlan({ ours, theirs })).toEqual(byGit(ours, theirs));
  });

  it.each(pairs.filter(isKnown))('differ on purpose on $ours and $theirs', ({ ours, theirs }) => {
    const [mine, wanted] = [byPlan({ ours, theirs }), byGit(ours, theirs)];
    expect(mine.isClean).toBe(wanted.isClean);
    expect(mine).not.toEqual(wanted);
  });
});

import { describe, expect, it } from 'vitest';
import { planTreeMerge, type TreeChange, type TreeFile } from '../../src/merge/index.js';

const blobs: Readonly<Record<string, string>> = {
  a: 'one\ntwo\nthree\nfour\nfive\nsix\n',
  a2: 'one\ntwo\nthree\nfour\nfive\nseven\n',
  a3: 'zero\ntwo\nthree\nfour\nfive\nsix\n',
  b: 'nothing in common\n',
};

const read = (oid: string): Uint8Array => new TextEncoder().encode(blobs[oid] ?? oid);
const file = (path: string, oid: string, mode: TreeFile['mode'] = '100644'): TreeFile => ({
  path,
  oid,
  mode,
});
const changed = (before: TreeFile, after: TreeFile): TreeChange => ({ path: after.path, before, after });
const added = (after: TreeFile): TreeChange => ({ path: after.path, after });
const deleted = (before: TreeFile): TreeChange => ({ path: before.path, before });

const unread = (): Uint8Array => {
  throw new Error('read');
};

/** A plan in few words. */
function plan(ours: readonly TreeChange[], theirs: readonly TreeChange[]): readonly string[] {
  const { writes, deletes, merges, conflicts } = planTreeMerge({
    ours,
    theirs,
    read,
    labels: { theirs: 'topic/x' },
  });
  return [
    ...writes.map(({ path, oid, mode }) => `write ${path} ${oid}${mode === '100644' ? '' : ` ${mode}`}`),
    ...deletes.map((path) => `delete ${path}`),
    ...merges.map(
      ({ path, base, ours: o, theirs: t }) => `merge ${path} ${base?.oid ?? '-'} ${o.oid} ${t.oid}`,
    ),
    ...conflicts.map(({ path, kind, keep }) => `${kind} ${path} keep ${keep}`),
  ];
}

describe('planTreeMerge', () => {
  const p = file('p', 'a');
  it.each<[string, readonly TreeChange[], readonly TreeChange[], readonly string[]]>([
    ['takes what only theirs changed', [], [changed(p, file('p', 'a2'))], ['write p a2']],
    ['leaves what only ours changed', [changed(p, file('p', 'a2'))], [], []],
    ['takes additions and deletions', [], [added(file('q', 'b')), deleted(p)], ['write q b', 'delete p']],
    ['takes one change of both once', [changed(p, file('p', 'b'))], [changed(p, file('p', 'b'))], []],
    [
      'merges what both changed',
      [changed(p, file('p', 'a2'))],
      [changed(p, file('p', 'a3'))],
      ['merge p a a2 a3'],
    ],
    ['merges what both added', [added(file('q', 'a'))], [added(file('q', 'b'))], ['merge q - a b']],
    [
      'asks about changed here, deleted there',
      [changed(p, file('p', 'a2'))],
      [deleted(p)],
      ['modify/delete p keep ours'],
    ],
    [
      'asks about deleted here, changed there',
      [deleted(p)],
      [changed(p, file('p', 'a2'))],
      ['delete/modify p keep theirs'],
    ],
    [
      'joins content and mode of two sides',
      [changed(p, file('p', 'a2'))],
      [changed(p, file('p', 'a', '100755'))],
      ['write p a2 100755'],
    ],
    [
      'follows a rename by ours',
      [deleted(p), added(file('q', 'a'))],
      [changed(p, file('p', 'a2'))],
      ['write q a2'],
    ],
    [
      'follows a rename with an edit by theirs',
      [changed(p, file('p', 'a3'))],
      [deleted(p), added(file('q', 'a2'))],
      ['delete p', 'merge q a a3 a2'],
    ],
    [
      'follows one rename of both',
      [deleted(p), added(file('q', 'a2'))],
      [deleted(p), added(file('q', 'a3'))],
      ['merge q a a2 a3'],
    ],
    [
      'asks about two names for one file',
      [deleted(p), added(file('q', 'a'))],
      [deleted(p), added(file('r', 'a'))],
      ['write r a', 'rename/rename p keep none', 'rename/rename q keep ours', 'rename/rename r keep theirs'],
    ],
    [
      'asks about renamed here, deleted there',
      [deleted(p), added(file('q', 'a'))],
      [deleted(p)],
      ['rename/delete q keep ours'],
    ],
    [
      'takes a rename to a name that is taken for a deletion and an addition',
      [deleted(p), added(file('q', 'a'))],
      [changed(p, file('p', 'a2')), added(file('q', 'b'))],
      ['merge q - a b', 'delete/modify p keep theirs'],
    ],
    [
      'moves a file out of the way of a folder',
      [added(file('d', 'a'))],
      [added(file('d/x', 'b'))],
      ['write d/x b', 'delete d', 'file/directory d~ours keep ours'],
    ],
    [
      'moves their file out of the way',
      [added(file('d/x', 'b'))],
      [added(file('d', 'a'))],
      ['file/directory d~topic_x keep theirs'],
    ],
    [
      'takes a folder in place of a file',
      [],
      [deleted(p), added(file('p/x', 'b'))],
      ['write p/x b', 'delete p'],
    ],
    [
      'asks about two modes',
      [added(file('q', 'a', '100755'))],
      [added(file('q', 'a'))],
      ['mode q keep merge'],
    ],
    [
      'asks about two symlinks',
      [changed(file('l', 'a', '120000'), file('l', 'a2', '120000'))],
      [changed(file('l', 'a', '120000'), file('l', 'a3', '120000'))],
      ['symlink l keep ours'],
    ],
    [
      'asks about two submodule commits',
      [changed(file('s', 'a', '160000'), file('s', 'a2', '160000'))],
      [changed(file('s', 'a', '160000'), file('s', 'a3', '160000'))],
      ['submodule s keep ours'],
    ],
    [
      'asks about a file that became a symlink while the other side changed it',
      [changed(p, file('p', 'a2'))],
      [changed(p, file('p', 'b', '120000'))],
      ['symlink p keep ours'],
    ],
  ])('%s', (_, ours, theirs, expected) => {
    expect(plan(ours, theirs)).toEqual(expected);
  });

  it('never reads a file that only one side changed', () => {
    const many = Array.from({ length: 50 }, (_, n) => file(`f${n}`, 'a'));
    const ours = many.slice(0, 25).map((one) => changed(one, { ...one, oid: 'a2' }));
    const theirs = many
      .slice(25)
      .flatMap((one) => [deleted(one), added({ ...one, path: `moved/${one.path}`, oid: 'b' })]);
    expect(planTreeMerge({ ours, theirs, read: unread }).writes).toHaveLength(25);
  });
});

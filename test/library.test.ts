import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as cfgit from '../src/index.js';
import { emptyFolder, requireSound } from './repo/sandbox.js';

const { initRepository, loadConfig, memoryStore, mergeDocuments, openRepository, parseDocument } = cfgit;
const author = 'Ann <ann@example.com>';

/** A repository that is kept in memory, with nobody configured. */
async function inMemory(): Promise<cfgit.Repository> {
  const { objects, refs } = memoryStore();
  return openRepository({ objects, refs, env: {} });
}

describe('the library on a folder', () => {
  it('commits, merges and loads', async () => {
    const box = emptyFolder();
    cpSync(join(import.meta.dirname, '../fixtures/shop'), box.dir, { recursive: true });
    await initRepository({ dir: box.dir, env: box.env });
    const repo = await openRepository({ dir: box.dir, env: box.env });
    await repo.add('all');
    const { commit: oid } = await repo.commit({ message: 'first' });

    const content = 'a: 1\nb: 1 # kept\n';
    const options = { message: 'add', author, expect: oid };
    const added = await repo.commitChanges('main', [{ path: 'a.yaml', content }], options);
    expect(added).toMatchObject({ branch: 'main', parents: [oid], changes: { files: 1, keys: 2 } });
    await expect(
      repo.commitChanges('main', [{ path: 'a.yaml', delete: true }], options),
    ).rejects.toMatchObject({
      code: 'E_STALE',
      details: { expected: oid, actual: added.commit },
    });

    await repo.commitChanges('feature', [{ path: 'a.yaml', set: { a: 2, 'x.z': [1] } }], {
      message: 'set',
      author,
      from: 'main',
    });
    await repo.commitChanges('main', [{ path: 'NOTES.txt', delete: true }], { message: 'delete', author });
    const merged = await repo.merge('feature', { into: 'main', strategy: 'manual' });
    expect(merged).toEqual({
      result: 'merged',
      commit: expect.stringMatching(/^[0-9a-f]{40}$/),
      conflicts: [],
      files: ['a.yaml'],
    });
    expect(box.read('a.yaml')).toBe('a: 2\nb: 1 # kept\nx:\n  z:\n    - 1\n');

    const config = await loadConfig({ dir: box.dir, stack: 'app', variables: { env: 'prod' }, env: {} });
    expect(config.get<number>('db.pool.max')).toBe(80);
    expect(config.explain('db.pool.max')).toMatchObject({ value: 80, from: { file: 'env/prod.yaml' } });
    expect(Object.isFrozen(config.value) && Object.isFrozen(config.get('db.pool'))).toBe(true);
    requireSound(box);
  });

  it('takes a folder as a string', async () => {
    const box = emptyFolder();
    expect(await initRepository(box.dir)).toMatchObject({ branch: 'main', created: true });
    expect(await (await openRepository(box.dir)).status()).toMatchObject({ untracked: ['cfg.yaml'] });
  });
});

describe('the library without a disk', () => {
  it('commits and merges on a memory store', async () => {
    const repo = await inMemory();
    const text = 'n: 1\nm: 1\n';
    const first = await repo.commitChanges('main', [{ path: 'a.yaml', content: text }], {
      message: 'first',
      author,
      expect: null,
    });
    const change = async (branch: string, set: Readonly<Record<string, number>>): Promise<unknown> =>
      repo.commitChanges(branch, [{ path: 'a.yaml', set }], { message: 'set', author, from: first.commit });
    await change('feature', { n: 2 });
    await change('main', { m: 2 });
    expect(await repo.merge('feature', { into: 'main', author })).toMatchObject({ result: 'merged' });
    expect((await repo.get('main:a.yaml')).value).toEqual({ n: 2, m: 2 });
    expect((await repo.log()).commits.map(({ author: by, parents }) => [by.name, parents.length])).toEqual([
      ['Ann', 2],
      ['Ann', 1],
      ['Ann', 1],
      ['Ann', 0],
    ]);
  });

  it('answers with conflicts, and changes nothing then', async () => {
    const repo = await inMemory();
    for (const [branch, n] of Object.entries({ main: 1, feature: 2 }))
      await repo.commitChanges(branch, [{ path: 'a.yaml', content: `n: ${n}\n` }], {
        message: branch,
        author,
        ...(branch === 'feature' && { from: 'main' }),
      });
    await repo.commitChanges('main', [{ path: 'a.yaml', set: { n: 3 } }], { message: 'three', author });
    const before = await repo.branches();
    expect(await repo.merge('feature', { into: 'main', author })).toEqual({
      result: 'conflicts',
      conflicts: [{ file: 'a.yaml', path: 'n', kind: 'modify', base: 1, ours: 3, theirs: 2 }],
      files: ['a.yaml'],
    });
    expect(await repo.branches()).toEqual(before);
    await repo.merge('feature', { into: 'main', author, strategy: 'theirs' });
    expect((await repo.get('main:a.yaml#n')).value).toBe(2);
  });

  it('protects branches, tags, verifies and explains', async () => {
    const repo = await inMemory();
    const settings =
      'version: 1\nbranches:\n  main: { protection: standard }\nstacks:\n  app:\n    layers: [a.yaml]\n';
    const files = [
      { path: 'cfg.yaml', content: settings },
      { path: 'a.yaml', content: 'n: 1\n' },
    ];
    const { commit } = await repo.commitChanges('main', files, { message: 'first', author });
    await expect(
      repo.commitChanges('main', [{ path: 'a.yaml', set: { n: 2 } }], { message: 'no', author }),
    ).rejects.toMatchObject({ code: 'E_PROTECTED' });
    await expect(repo.status()).rejects.toMatchObject({ code: 'E_USAGE' });
    expect(await repo.verify('main')).toEqual({ branch: 'main', ok: true, violations: [] });
    expect(await repo.explain('n')).toEqual({
      path: 'n',
      value: 1,
      from: {
        layer: 'a.yaml',
        file: 'a.yaml',
        line: 1,
        column: 4,
        commit,
        author,
        date: expect.any(String),
      },
      overridden: [],
    });
  });
});

describe('documents', () => {
  it('merge from strings', () => {
    const rules = { lists: [{ at: '**#hosts', set: true as const }] };
    expect(
      mergeDocuments({
        path: 'a.yaml',
        base: 'a: 1\nhosts: [a]\n',
        ours: 'a: 2\nhosts: [a, b]\n',
        theirs: 'a: 3\nhosts: [a, c]\n',
        rules,
      }),
    ).toMatchObject({
      text: '<<<<<<< ours\na: 2\n||||||| base\na: 1\n=======\na: 3\n>>>>>>> theirs\nhosts: [a, b, c]\n',
      conflicts: [{ file: 'a.yaml', path: 'a', kind: 'modify', base: 1, ours: 2, theirs: 3 }],
      method: 'structure',
    });
  });

  it('parse without throwing', () => {
    expect(parseDocument('a: 1\n', { path: 'a.yaml' })).toMatchObject({ valid: true, format: 'yaml' });
    expect(parseDocument('{"a"', { path: 'a.json' }).diagnostics[0]).toMatchObject({ severity: 'error' });
  });
});

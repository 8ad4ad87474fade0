import { existsSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  type FileEntry,
  type Fs,
  nodeFileSystem,
  openStore,
  type Worktree,
} from '../../../src/store/index.js';
import { gitStatus, sandbox, type Sandbox, temporaryFolder } from './sandbox.js';

const text = (box: Sandbox, name: string): string => readFileSync(box.path(name), 'utf8');

interface Scene {
  readonly box: Sandbox;
  readonly from: string;
  readonly to: string;
}

/** A repository on `main`; `other` has `changed`, `added/new` and no `removed`. */
function scene(): Scene {
  const box = sandbox();
  for (const name of ['changed', 'removed', 'same']) box.write(name, 'old\n');
  const from = box.commit();
  box.git('checkout', '-q', '-b', 'other');
  box.write('changed', 'new\n');
  box.write('added/new', 'new\n');
  box.remove('removed');
  const to = box.commit();
  box.git('checkout', '-q', 'main');
  return { box, from, to };
}

async function worktreeOf(box: Sandbox, fs: Fs = nodeFileSystem): Promise<Worktree> {
  const { worktree } = await openStore({ dir: box.dir, env: box.env, fs, durability: 'fast' });
  if (!worktree) throw new Error('a bare repository');
  return worktree;
}

const nothing = { staged: [], unstaged: [], untracked: [], conflicts: [] };

describe('checkout', () => {
  it.each([
    ['a changed file', 'changed', 'mine'],
    ['a file that the other tree does not have', 'removed', 'mine'],
    ['an untracked file in the way', 'added/new', 'mine'],
    ['a file in the way of a folder', 'added', 'mine'],
  ])('refuses to overwrite %s', async (_, name, content) => {
    const { box, from, to } = scene();
    box.write(name, content);
    const worktree = await worktreeOf(box);
    const refused = { code: 'E_LOCAL_CHANGES', details: { paths: [name] } };
    await expect((async () => worktree.checkout(from, to))()).rejects.toMatchObject(refused);
    expect(text(box, name)).toBe(content);
    expect(readdirSync(box.path('.git')).filter((file) => file.startsWith('.cfg'))).toEqual([]);
  });

  it('refuses to overwrite an ignored file', async () => {
    const { box, from, to } = scene();
    box.write('.git/info/exclude', 'added\n');
    box.write('added/new', 'precious');
    const worktree = await worktreeOf(box);
    await expect((async () => worktree.checkout(from, to))()).rejects.toMatchObject({
      code: 'E_LOCAL_CHANGES',
    });
  });

  it('refuses to overwrite a file that took the place of one whose removal is staged', async () => {
    const box = sandbox();
    box.write('name', '');
    const from = box.commit();
    box.git('checkout', '-q', '-b', 'other');
    box.remove('name');
    box.write('name/file', '');
    const to = box.commit();
    box.git('checkout', '-q', 'main');
    box.git('rm', '-q', 'name');
    box.write('name', 'precious');
    const worktree = await worktreeOf(box);
    const refused = { code: 'E_LOCAL_CHANGES', details: { paths: ['name'] } };
    await expect((async () => worktree.checkout(from, to))()).rejects.toMatchObject(refused);
    expect(text(box, 'name')).toBe('precious');
  });

  it('refuses what is behind a symlink, and leaves the target alone', async () => {
    const { box, from, to } = scene();
    const outside = temporaryFolder();
    box.link('added', outside);
    const worktree = await worktreeOf(box);
    const refused = { code: 'E_LOCAL_CHANGES', details: { paths: ['added'] } };
    await expect((async () => worktree.checkout(from, to))()).rejects.toMatchObject(refused);
    expect(readdirSync(outside)).toEqual([]);
  });

  it('refuses a tree that has a link and a folder of one name, and writes nothing', async () => {
    const { box, from } = scene();
    const [outside, entries] = [temporaryFolder(), box.path('.git/entries')];
    writeFileSync(`${outside}/file`, 'theirs');
    writeFileSync(box.path('.git/target'), outside);
    const target = Buffer.from(box.git('hash-object', '-w', '.git/target').trim(), 'hex');
    const folder = Buffer.from(box.git('rev-parse', 'other:added').trim(), 'hex');
    const [link, below] = [Buffer.from('120000 L\0'), Buffer.from('40000 L\0')];
    writeFileSync(entries, Buffer.concat([link, target, below, folder]));
    const to = box.git('hash-object', '-t', 'tree', '-w', '--literally', '.git/entries').trim();
    await expect((await worktreeOf(box)).checkout(from, to)).rejects.toMatchObject({ code: 'E_CORRUPT' });
    expect(gitStatus(box)).toEqual(nothing);
    expect([existsSync(box.path('L')), readdirSync(outside)]).toEqual([false, ['file']]);
  });

  it('replaces a tracked symlink and does not follow it', async () => {
    const box = sandbox();
    const outside = temporaryFolder();
    writeFileSync(`${outside}/victim`, 'safe');
    box.link('file', `${outside}/victim`);
    box.link('folder', outside);
    const from = box.commit();
    box.git('checkout', '-q', '-b', 'other');
    box.remove('file');
    box.remove('folder');
    box.write('file', 'new');
    box.write('folder/victim', 'new');
    const to = box.commit();
    box.git('checkout', '-q', 'main');
    await (await worktreeOf(box)).checkout(from, to);
    expect(readFileSync(`${outside}/victim`, 'utf8')).toBe('safe');
    expect([text(box, 'file'), text(box, 'folder/victim')]).toEqual(['new', 'new']);
    await (await worktreeOf(box)).checkout(to, from);
    expect(readlinkSync(box.path('folder'))).toBe(outside);
    expect(gitStatus(box)).toEqual(nothing);
  });

  it('accepts files that have their new content already', async () => {
    const { box, from, to } = scene();
    box.write('changed', 'new\n');
    box.write('added/new', 'new\n');
    box.remove('removed');
    await (await worktreeOf(box)).checkout(from, to);
    box.git('symbolic-ref', 'HEAD', 'refs/heads/other');
    expect(gitStatus(box)).toEqual(nothing);
  });

  it('carries local changes to other files, staged and not', async () => {
    const { box, from, to } = scene();
    box.write('same', 'mine\n');
    box.write('staged', 'mine\n');
    box.git('add', 'staged');
    await (await worktreeOf(box)).checkout(from, to);
    box.git('symbolic-ref', 'HEAD', 'refs/heads/other');
    expect(gitStatus(box)).toEqual({ ...nothing, staged: ['added staged'], unstaged: ['modified same'] });
  });

  it('fills an empty repository', async () => {
    const { box, to } = scene();
    for (const name of ['changed', 'removed', 'same', '.git/index']) box.remove(name);
    await (await worktreeOf(box)).checkout(null, to);
    box.git('symbolic-ref', 'HEAD', 'refs/heads/other');
    expect(gitStatus(box)).toEqual(nothing);
  });

  it('puts unmerged files into the worktree and their sides into the index', async () => {
    const { box, from, to } = scene();
    const side = (tree: string): FileEntry => {
      const oid = box.git('rev-parse', `${tree}:changed`).trim();
      return { path: 'changed', mode: '100644', oid };
    };
    const content = { path: 'changed', mode: '100644' as const, data: Buffer.from('<<<<<<<\n') };
    const unmerged = { path: 'changed', base: side(from), ours: side(from), theirs: side(to), content };
    await (await worktreeOf(box)).checkout(from, to, [unmerged]);
    expect(text(box, 'changed')).toBe('<<<<<<<\n');
    expect(gitStatus(box)).toMatchObject({
      conflicts: ['changed'],
      staged: ['added added/new', 'deleted removed'],
    });
    const again = async (): Promise<void> => (await worktreeOf(box)).checkout(from, to);
    await expect(again()).rejects.toMatchObject({ code: 'E_LOCAL_CHANGES' });
  });
});

const mutating = [
  'createFile',
  'appendFile',
  'rename',
  'link',
  'unlink',
  'symlink',
  'mkdir',
  'rmdir',
] as const;

/** A file system whose `failing`-th change throws; after a crash everything does. */
function faulty(failing: number, mode: 'error' | 'crash'): { readonly fs: Fs; readonly calls: () => number } {
  let calls = 0;
  const fail = (name: string): void => {
    calls += 1;
    if (calls !== failing && (mode === 'error' || calls < failing)) return;
    throw Object.assign(new Error(`${name}: no space`), { code: 'ENOSPC' });
  };
  const fs = new Proxy(nodeFileSystem, {
    get: (target, name) => {
      const method: unknown = Reflect.get(target, name);
      if (!mutating.some((one) => one === name) || typeof method !== 'function') return method;
      return (...args: unknown[]) => {
        fail(String(name));
        return Reflect.apply(method, target, args) as unknown;
      };
    },
  });
  return { fs, calls: () => calls };
}

describe.each(['error', 'crash'] as const)('a checkout that meets an %s', (mode) => {
  it('at any write leaves files that are old or new, and is completed by the next one', async () => {
    for (let failing = 1; ; failing += 1) {
      const { box, from, to } = scene();
      const { fs, calls } = faulty(failing, mode);
      const outcome = await (await worktreeOf(box, fs)).checkout(from, to)?.then(
        () => 'done',
        () => 'failed',
      );
      expect(['old\n', 'new\n']).toContain(text(box, 'changed'));
      expect(box.git('fsck', '--strict')).toBe('');
      if (existsSync(box.path('.git/index.lock'))) box.remove('.git/index.lock');
      const tree = box.git('write-tree').trim();
      if (tree === from) await (await worktreeOf(box)).checkout(from, to);
      box.git('symbolic-ref', 'HEAD', 'refs/heads/other');
      expect(gitStatus(box)).toEqual(nothing);
      if (outcome === 'done' && calls() < failing) return;
    }
  });
});

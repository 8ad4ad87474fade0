import { mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { nodeFileSystem, openStore, type Fs } from '../../../src/store/index.js';
import { FolderListings } from '../../../src/store/worktree/listings.js';
import { plainStatus, sandbox, temporaryFolder } from './sandbox.js';

afterEach(() => vi.useRealTimers());

/** The system, with the folders that are read from it. */
function watchedFs(): { readonly fs: Fs; readonly read: string[] } {
  const read: string[] = [];
  const readdir: Fs['readdir'] = (path) => {
    read.push(path);
    return nodeFileSystem.readdir(path);
  };
  return { fs: { ...nodeFileSystem, readdir }, read };
}

function minutesLater(): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 });
}

describe('folders that are looked at again', () => {
  it('are read once more only when something in them came or went', () => {
    const root = temporaryFolder();
    for (const name of ['a', 'b']) mkdirSync(join(root, name));
    writeFileSync(join(root, 'a', 'x'), '');
    const { fs, read } = watchedFs();
    const listings = new FolderListings(fs, root);
    const walk = (): readonly (readonly string[])[] =>
      ['', 'a/', 'b/'].map((prefix) => [...listings.list(prefix).keys()]);
    minutesLater();
    walk();
    walk();
    read.length = 0;
    expect(walk()).toEqual([['a', 'b'], ['x'], []]);
    expect(read).toEqual([]);
    writeFileSync(join(root, 'b', 'y'), '');
    rmSync(join(root, 'a', 'x'));
    utimesSync(join(root, 'a'), 1, 1); // as if nothing had happened
    expect(walk()).toEqual([['a', 'b'], [], ['y']]);
    expect(read).toEqual([join(root, 'a'), join(root, 'b')]);
  });

  it('are read every time while they are so young that the clock may not tell', () => {
    const root = temporaryFolder();
    const { fs, read } = watchedFs();
    const listings = new FolderListings(fs, root);
    for (let round = 0; round < 4; round += 1) listings.list('');
    expect(read).toHaveLength(4);
  });

  it('are forgotten when a walk does not come to them', () => {
    const root = temporaryFolder();
    mkdirSync(join(root, 'a'));
    const { fs, read } = watchedFs();
    const listings = new FolderListings(fs, root);
    minutesLater();
    for (const prefix of ['', 'a/', '', 'a/', '', '', '', 'a/']) listings.list(prefix);
    expect(read.filter((path) => path !== root)).toHaveLength(3);
  });

  it('tell a long-lived status of every new, changed and deleted file', async () => {
    const box = sandbox();
    for (const name of ['a', 'd/b', 'd/e/c']) box.write(name, name);
    const tree = box.commit();
    const { worktree } = await openStore({ dir: box.dir, env: box.env });
    const status = async (): Promise<ReturnType<typeof plainStatus> | undefined> =>
      worktree && plainStatus(await worktree.status(tree));
    minutesLater();
    const clean = await status();
    for (let round = 0; round < 2; round += 1) expect(await status()).toEqual(clean);
    box.remove('d/e/c');
    box.write('d/new', '');
    box.write('d/b', 'other');
    const { worktree: anew } = await openStore({ dir: box.dir, env: box.env });
    expect(await status()).toEqual(anew && plainStatus(await anew.status(tree)));
    expect(await status()).not.toEqual(clean);
  });
});

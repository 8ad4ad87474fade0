import { describe, expect, it } from 'vitest';
import { type Fs, nodeFileSystem, openStore, type Worktree } from '../../../src/store/index.js';
import { plainStatus, sandbox, type Sandbox } from './sandbox.js';

async function openDenied(box: Sandbox, fs: Fs): Promise<{ readonly worktree: Worktree }> {
  const { worktree } = await openStore({ dir: box.dir, env: box.env, fs, durability: 'fast' });
  if (!worktree) throw new Error('a bare repository');
  return { worktree };
}

describe('what the system does not let us read', () => {
  const denied = (syscall: string): Error =>
    Object.assign(new Error('EACCES'), { code: 'EACCES', errno: -13, syscall });

  it('is reported, and everything else as ever, as git goes on too', async () => {
    const box = sandbox();
    for (const name of ['a', 'locked/tracked', 'sealed/tracked', 'secret']) box.write(name, name);
    const tree = box.commit();
    box.write('a', 'changed');
    box.write('secret', 'changed');
    box.write('new', 'n');
    box.write('hidden/file', 'h');
    const fs: Fs = {
      ...nodeFileSystem,
      readdir: (path) => {
        if (/\/(locked|hidden)$/.test(path)) throw denied('scandir');
        return nodeFileSystem.readdir(path);
      },
      lstat: (path) => {
        if (path.includes('/sealed/')) throw denied('lstat');
        return nodeFileSystem.lstat(path);
      },
      readFile: (path) => {
        if (path.endsWith('/secret')) throw denied('open');
        return nodeFileSystem.readFile(path);
      },
    };
    const { worktree } = await openDenied(box, fs);
    const status = await worktree.status(tree);
    expect(plainStatus(status)).toEqual({
      staged: [],
      unstaged: ['modified a', 'modified secret'],
      untracked: ['new'],
      conflicts: [],
    });
    expect(status.unreadable).toEqual(['hidden/', 'locked/', 'sealed/tracked']);
    await expect(worktree.stage(['a', 'secret'])).rejects.toMatchObject({ code: 'E_IO' });
    expect(box.git('diff', '--cached', '--name-only')).toBe('');
  });
});

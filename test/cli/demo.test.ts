import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emptyFolder, run, shell } from './command-line.js';

describe('cfg demo', () => {
  it('does what it says at every step, and leaves the folder', async () => {
    const dir = join(emptyFolder(), 'tour');
    const { code, stdout } = await run(['demo', '--dir', dir, '--json'], { cwd: '/' });
    const { steps, ...answer } = JSON.parse(stdout);
    expect(steps.filter((step: { readonly ok: boolean }) => !step.ok)).toEqual([]);
    expect({ ...answer, code }).toEqual({ dir, ok: true, code: 0 });
    expect(Object.keys(steps[0])).toEqual(['command', 'notice', 'exitCode', 'stdout', 'stderr', 'ok']);
    expect(existsSync(join(dir, 'base.yaml'))).toBe(true);
    expect(shell('git fsck --strict && git status --porcelain', { cwd: dir })).toMatchObject({
      code: 0,
      stdout: '',
    });
  });

  it('prints each command with its output and what to notice', async () => {
    const dir = join(emptyFolder(), 'tour');
    const { stdout } = await run(['demo', '--dir', dir], { cwd: '/' });
    expect(stdout.replaceAll(dir, '/tour')).toMatchSnapshot();
  });

  it('is coloured on a terminal only', async () => {
    const parent = emptyFolder();
    const [there, here] = [
      await run(['demo', '--dir', join(parent, 'a')], { cwd: '/', columns: 80 }),
      await run(['demo', '--no-color', '--dir', join(parent, 'b')], { cwd: '/', columns: 80 }),
    ];
    expect(there.stdout).toContain('\u001b[');
    expect(here.stdout).not.toContain('\u001b[');
  });

  it('does not touch a folder that holds something', async () => {
    const dir = join(emptyFolder(), 'tour');
    mkdirSync(dir);
    writeFileSync(join(dir, 'mine'), '');
    const { code, stderr } = await run(['demo', '--dir', dir], { cwd: '/' });
    expect([code, stderr]).toEqual([
      3,
      `error: folder '${dir}' is not empty\nhint: give --dir a new or empty folder\n`,
    ]);
  });
});

import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { emptyFolder, run, shell } from './command-line.js';

describe('cfg demo', () => {
  it('does what it says at every step, and leaves the folder', async () => {
    const dir = join(emptyFolder(), 'tour');
    const { code, stdout } = await run(['demo', '--dir', dir, '--json'], { cwd: '/', columns: 80 });
    expect(stdout).not.toContain('\\u001b');
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

  it('prints each command with its output and what to notice, in colour on a terminal', async () => {
    const dir = join(emptyFolder(), 'tour');
    const { stdout } = await run(['demo', '--dir', dir], { cwd: '/', columns: 200 });
    expect(stdout).toContain('\u001b[32m');
    expect(stripVTControlCharacters(stdout).replaceAll(dir, '/tour')).toMatchSnapshot();
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

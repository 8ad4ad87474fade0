import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { main, type Io } from '../../src/cli/index.js';
import { emptyFolder, environment, run } from './command-line.js';

const patient = { timeout: 20_000, interval: 10 };

interface Answer {
  readonly valid: boolean;
  readonly files: number;
  readonly problems: readonly { readonly file: string; readonly rule: string }[];
}

/** `cfg --json validate --watch` in a repository with one valid file, interrupted at the end of the test. */
function watching(...argv: readonly string[]): {
  readonly cwd: string;
  readonly write: (path: string, text: string) => void;
  readonly answers: () => readonly Answer[];
  readonly interrupt: () => Promise<void>;
  readonly code: Promise<number>;
} {
  const cwd = emptyFolder();
  execFileSync('git', ['init', '-q', cwd]);
  const write = (path: string, text: string): void => {
    mkdirSync(join(cwd, path, '..'), { recursive: true });
    writeFileSync(join(cwd, path), text);
  };
  write('a.yaml', 'a: 1\n');
  let stdout = '';
  const stops = new Set<() => Promise<void>>();
  const terminal = { isTTY: false, columns: 80 };
  const io: Io = {
    stdout: { ...terminal, write: (text) => (stdout += text) },
    stderr: { ...terminal, write: (text) => (stdout += text) },
    readStdin: async () => '',
    env: environment(),
    cwd,
    now: () => new Date(2026, 0, 31, 11, 0, 0),
    onInterrupt: (stop) => {
      stops.add(stop);
      return () => stops.delete(stop);
    },
  };
  const interrupt = async (): Promise<void> => {
    await Promise.all([...stops].map((stop) => stop()));
  };
  const code = main(['--json', 'validate', '--watch', ...argv], io);
  onTestFinished(async () => {
    await interrupt();
    await code;
  });
  const answers = (): readonly Answer[] =>
    stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line): Answer => JSON.parse(line));
  return { cwd, write, answers, interrupt, code };
}

describe('validate --watch', () => {
  it('answers at once, and again when the answer becomes another', async () => {
    const { write, answers, interrupt, code } = watching();
    await expect.poll(answers, patient).toEqual([{ valid: true, files: 1, problems: [] }]);
    write('a.yaml', 'a: [\n');
    await expect
      .poll(() => answers()[1], patient)
      .toMatchObject({ valid: false, problems: [{ rule: 'syntax' }] });
    write('a.yaml', 'a: 2\n');
    await expect.poll(() => answers()[2], patient).toEqual({ valid: true, files: 1, problems: [] });
    write('notes.txt', 'no configuration');
    write('new/folder/b.yaml', 'b: {\n');
    await expect
      .poll(() => answers()[3], patient)
      .toMatchObject({ valid: false, files: 2, problems: [{ file: 'new/folder/b.yaml' }] });
    await interrupt();
    expect(await code).toBe(0);
    expect(answers()).toHaveLength(4);
  });

  it('follows the index with --staged', async () => {
    const { cwd, write, answers } = watching('--staged');
    await expect.poll(answers, patient).toEqual([{ valid: true, files: 0, problems: [] }]);
    write('a.yaml', 'a: [\n');
    execFileSync('git', ['add', 'a.yaml'], { cwd });
    await expect.poll(() => answers()[1], patient).toMatchObject({ valid: false });
  });

  it.each([
    [['--rev', 'HEAD'], /--watch follows the files of a worktree/],
    [['--format', 'sarif'], /--watch prints text or JSON/],
  ])('refuses %j', async (argv, message) => {
    const cwd = emptyFolder();
    execFileSync('git', ['init', '-q', cwd]);
    const { code, stderr } = await run(['validate', '--watch', ...argv], { cwd });
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});

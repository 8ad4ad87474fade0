import { describe, expect, it } from 'vitest';
import { reportFailure } from '../../src/cli/failure.js';
import type { Io } from '../../src/cli/index.js';
import { ConfigError } from '../../src/errors.js';

function report(
  error: unknown,
  options: { json?: boolean; command?: string; env?: Record<string, string> } = {},
): [number, string] {
  const written: string[] = [];
  const output = { write: (text: string) => void written.push(text), isTTY: false, columns: 80 };
  const io: Io = {
    stdout: output,
    stderr: output,
    readStdin: async () => '',
    env: options.env ?? {},
    cwd: '/',
    now: () => new Date(0),
  };
  const { json = false, command } = options;
  const code = reportFailure(error, io, { json, color: 'auto', command });
  return [code, written.join('')];
}

describe('an error', () => {
  it.each([
    ['E_KEY_NOT_FOUND', 1],
    ['E_USAGE', 2],
    ['E_PROTECTED', 3],
    ['E_NOT_A_REPOSITORY', 4],
  ] as const)('%s exits with %i, and has a hint whoever threw it', (code, exitCode) => {
    const [actual, text] = report(new ConfigError(code, 'no'));
    expect(actual).toBe(exitCode);
    expect(text).toMatch(/^error: no\nhint: .+\n$/);
  });

  it('of usage points to the help of the command', () => {
    const error = new ConfigError('E_USAGE', 'no');
    expect(report(error, { command: 'merge' })[1]).toBe("error: no\nhint: see 'cfg merge --help'\n");
    expect(report(error)[1]).toBe("error: no\nhint: see 'cfg --help'\n");
  });

  it('is two lines, whatever is in its message', () => {
    const error = new ConfigError('E_IO', "cannot read 'a\nb\u001b[2J'", { hint: 'line\nbreak' });
    expect(report(error)).toEqual([4, "error: cannot read 'a b\\u001b[2J'\nhint: line break\n"]);
  });

  it('is one line of JSON with --json', () => {
    const error = new ConfigError('E_STALE', 'moved', {
      hint: 'again',
      details: { big: 90071992547409931n },
    });
    expect(report(error, { json: true })).toEqual([
      3,
      '{"error":{"code":"E_STALE","message":"moved","hint":"again","details":{"big":90071992547409931}}}\n',
    ]);
  });

  it.each([
    [new TypeError('x is undefined'), 'TypeError: x is undefined'],
    [new ConfigError('E_INTERNAL', 'x is undefined'), 'x is undefined'],
  ])('that is no refusal is a bug: says so and how to report it', (error, message) => {
    const [code, text] = report(error);
    expect(code).toBe(70);
    expect(text).toMatch(/^error: .+\nhint: .*CFG_DEBUG=1.*\n$/);
    expect(text).toContain(`error: this is a bug in cfg: ${message}\n`);
  });

  it('shows its stack only with CFG_DEBUG=1', () => {
    const error = new ConfigError('E_IO', 'broken');
    expect(report(error)[1]).not.toContain('failure.test.ts');
    expect(report(error, { env: { CFG_DEBUG: '1' } })[1]).toContain('failure.test.ts');
  });
});

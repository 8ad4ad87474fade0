import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { main, type Io } from '../../src/cli/index.js';
import type { WatchLine } from '../../src/cli/watch/lines.js';
import { emptyFolder, environment } from './command-line.js';

const files = {
  'cfg.yaml': 'stacks: { app: { layers: [base.yaml] } }\n',
  'base.yaml': 'port: 1\ndb: { host: a, password: hunter2 }\n',
};
const patient = { timeout: 15_000, interval: 10 };

interface Watching {
  readonly cwd: string;
  readonly stdout: () => string;
  readonly lines: () => readonly WatchLine[];
  readonly events: () => readonly string[];
  readonly write: (files: Readonly<Record<string, string>>) => void;
  /** Ctrl-C. */
  readonly interrupt: () => Promise<void>;
  /** The reader of standard output goes away. */
  readonly hangUp: () => void;
  readonly code: Promise<number>;
}

/** `cfg watch` in this process, interrupted at the end of the test. */
function watching(...argv: readonly string[]): Watching {
  const cwd = emptyFolder();
  const write: Watching['write'] = (all) => {
    for (const [name, text] of Object.entries(all)) writeFileSync(join(cwd, name), text);
  };
  write(files);
  let [stdout, isOpen] = ['', true];
  const stops = new Set<() => Promise<void>>();
  const terminal = { isTTY: false, columns: 80 };
  const io: Io = {
    stdout: {
      ...terminal,
      write: (text) => (stdout += text),
      get closed() {
        return !isOpen;
      },
    },
    stderr: { ...terminal, write: (text) => (stdout += text) },
    readStdin: async () => '',
    env: environment(),
    cwd,
    now: () => new Date('2026-01-31T11:00:00Z'),
    onInterrupt: (stop) => {
      stops.add(stop);
      return () => stops.delete(stop);
    },
  };
  const interrupt = async (): Promise<void> => {
    await Promise.all([...stops].map((stop) => stop()));
  };
  const code = main(['watch', ...argv], io);
  onTestFinished(async () => {
    await interrupt();
    await code;
  });
  const lines = (): WatchLine[] =>
    stdout
      .split('\n')
      .slice(0, -1)
      .map((line): WatchLine => JSON.parse(line));
  return {
    cwd,
    stdout: () => stdout,
    lines,
    events: () => lines().map(({ event }) => event),
    write,
    interrupt,
    hangUp: () => (isOpen = false),
    code,
  };
}

describe('cfg watch', () => {
  it('prints each change by key, and where a problem is', async () => {
    const watch = watching();
    await expect.poll(watch.stdout, patient).toContain('watching app (Ctrl-C ends it)\n');
    watch.write({ 'base.yaml': 'port: 2\ndb: { host: a, password: swordfish }\n' });
    await expect.poll(watch.stdout, patient).toContain('revision 2');
    watch.write({ 'base.yaml': 'port: [\n' });
    await expect.poll(watch.stdout, patient).toContain('base.yaml:2:1');
    watch.write({ 'base.yaml': 'port: 3\n' });
    await expect.poll(watch.stdout, patient).toContain('revision 3');
    expect(watch.stdout()).toBe(
      `11:00:00  watching app (Ctrl-C ends it)
11:00:00  revision 2
  ~ db.password: "***" -> "***"
  ~ port: 1 -> 2
11:00:00  not valid: revision 2 stays in effect
  base.yaml:2:1: flow sequence in block collection must be sufficiently indented and end with a ]
  hint: correct line 2 of base.yaml
11:00:00  valid again
11:00:00  revision 3
  - db: {"host":"a","password":"***"}
  ~ port: 2 -> 3
`,
    );
  });

  it('prints JSON lines with --json', async () => {
    const watch = watching('--json', '-e', 'dev');
    await expect.poll(watch.events, patient).toEqual(['watching']);
    watch.write({ 'base.yaml': 'port: 2\n' });
    await expect.poll(watch.events, patient).toEqual(['watching', 'change']);
    watch.write({ 'base.yaml': '- 1\n' });
    await expect.poll(watch.events, patient).toEqual(['watching', 'change', 'invalid']);
    watch.write({ 'base.yaml': 'port: 2\n' });
    await expect.poll(watch.events, patient).toEqual(['watching', 'change', 'invalid', 'valid']);
    const at = '2026-01-31T11:00:00.000Z';
    const message = 'a layer must be a map of keys';
    expect(watch.lines()).toEqual([
      { event: 'watching', stack: 'app', variables: { env: 'dev' }, revision: 1, at },
      {
        event: 'change',
        revision: 2,
        changes: [
          { path: 'db', kind: 'removed', before: { host: 'a', password: '***' } },
          { path: 'port', kind: 'changed', before: 1, after: 2 },
        ],
        at,
      },
      {
        event: 'invalid',
        revision: 2,
        code: 'E_INVALID',
        message,
        hint: 'correct line 1 of base.yaml',
        problems: [
          { file: 'base.yaml', line: 1, column: 1, path: '', rule: 'layer-map', severity: 'error', message },
        ],
        at,
      },
      { event: 'valid', revision: 2, at },
    ]);
  });

  it('shows secrets with --reveal', async () => {
    const watch = watching('--json', '--reveal');
    await expect.poll(watch.events, patient).toEqual(['watching']);
    watch.write({ 'base.yaml': 'port: 1\n' });
    await expect.poll(watch.stdout, patient).toContain('hunter2');
  });

  it('ends when it is interrupted, and when nobody reads', async () => {
    const interrupted = watching();
    await expect.poll(interrupted.stdout, patient).toContain('watching');
    await interrupted.interrupt();
    expect(await interrupted.code).toBe(0);

    const unread = watching();
    await expect.poll(unread.stdout, patient).toContain('watching');
    unread.hangUp();
    unread.write({ 'base.yaml': 'port: 9\n' });
    expect(await unread.code).toBe(0);
  });

  it('fails as cfg load does when there is nothing valid to begin with', async () => {
    const watch = watching('nope');
    expect(await watch.code).toBe(2);
    expect(watch.stdout()).toContain("error: cfg.yaml has no stack 'nope'");
  });
});

/** A command that notes what happens to it in `log`, and never lets two of it run. */
const server = `if mkdir lock; then :; else echo two >> log; fi
trap 'echo reload >> log' HUP
trap 'echo end >> log; rmdir lock; exit 0' TERM
echo start $(cat base.yaml | head -1) >> log
while :; do sleep 0.05; done`;

describe('cfg watch --exec', () => {
  const log = ({ cwd }: Watching): string => {
    try {
      return readFileSync(join(cwd, 'log'), 'utf8');
    } catch {
      return '';
    }
  };

  it('restarts the command with each change, one at a time, and ends it', async () => {
    const watch = watching('--json', '--exec', server);
    await expect.poll(() => log(watch), patient).toBe('start port: 1\n');
    watch.write({ 'base.yaml': 'port: 2\n' });
    await expect.poll(() => log(watch), patient).toBe('start port: 1\nend\nstart port: 2\n');
    await watch.interrupt();
    expect(log(watch)).toBe('start port: 1\nend\nstart port: 2\nend\n');
    expect(watch.events()).toEqual(['watching', 'start', 'change', 'start']);
  });

  it('signals it instead with --signal', async () => {
    const watch = watching('--json', '--signal', 'hup', '--exec', server);
    await expect.poll(() => log(watch), patient).toBe('start port: 1\n');
    watch.write({ 'base.yaml': 'port: 2\n' });
    await expect.poll(() => log(watch), patient).toBe('start port: 1\nreload\n');
  });

  it.each([[[]], [['--signal', 'SIGHUP']]])('runs a command again that has ended: %j', async (extra) => {
    const watch = watching('--json', '--exec', 'head -1 base.yaml >> log; exit 3', ...extra);
    await expect.poll(watch.events, patient).toEqual(['watching', 'start', 'end']);
    expect(watch.lines().at(-1)).toMatchObject({ code: 3, signal: null });
    watch.write({ 'base.yaml': 'port: 2\n' });
    await expect.poll(() => log(watch), patient).toBe('port: 1\nport: 2\n');
  });

  it('leaves nothing of it: what it started ends too, even what ignores SIGTERM', async () => {
    const stubborn = `(trap '' TERM; echo child >> log; while :; do sleep 0.05; date > alive; done) & wait`;
    const watch = watching('--json', '--exec', stubborn);
    await expect.poll(() => log(watch), patient).toBe('child\n');
    const first = watch.interrupt();
    await watch.interrupt();
    await first;
    const { pid } = watch.lines().find((line) => line.event === 'start') ?? { pid: 0 };
    const processes = execFileSync('ps', ['-eo', 'pgid=,stat='], { encoding: 'utf8' }).split('\n');
    const running = processes
      .map((line) => line.trim().split(/\s+/))
      .filter(([, state]) => state?.[0] !== 'Z');
    expect(running.filter(([group]) => group === String(pid))).toEqual([]);
  });

  it.each([
    [['--signal', 'HUP'], '--signal needs a command'],
    [['--exec', 'true', '--signal', 'NOPE'], "'NOPE' is no signal"],
  ])('refuses %j', async (argv, message) => {
    const watch = watching(...argv);
    expect(await watch.code).toBe(2);
    expect(watch.stdout()).toContain(message);
  });
});

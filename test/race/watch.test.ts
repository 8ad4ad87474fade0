import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readStack } from '../../src/load/index.js';
import { chokidarHints } from '../../src/load/watch/hints.js';
import type { OpenHints } from '../../src/load/watch/ports.js';
import { watchWith } from '../../src/load/watch/watch-config.js';
import { follow, until, type Followed } from '../load/watch/follow.js';
import { git } from '../load/folder.js';
import { bundled } from './bundle.js';
import { documentText, numberOf } from './watch-documents.js';

const full = process.env['CFG_FULL'] !== undefined;
const seed = Number(process.env['CFG_SEED'] ?? Date.now() % 100_000);

const plain = ['truncate', 'slow', 'rename', 'vim', 'sed', 'recreate', 'copy', 'swapfile'];
const checkedOut = 40;
const branches = 4;

/** A stack with a layer for each writer, all at document 0; branches on which each file of `many/` says the branch. */
function workplace(): string {
  const dir = mkdtempSync(join(realpathSync(tmpdir()), 'cfg-race-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const layers = [...plain.map((name) => `${name}.yaml`), 'configmap/configmap.yaml', 'many/'];
  mkdirSync(join(dir, 'many'));
  git(dir, 'init', '-q');
  for (let branch = branches - 1; branch >= 0; branch -= 1) {
    for (let n = 0; n < checkedOut; n += 1)
      writeFileSync(join(dir, `many/${n}.yaml`), `checkout: { file${n}: ${branch} }\n`);
    git(dir, 'checkout', '-q', '--orphan', `v${branch}`);
    git(dir, 'add', 'many');
    git(dir, 'commit', '-q', '-m', 'all');
  }
  writeFileSync(join(dir, 'cfg.yaml'), `stacks: { app: { layers: ${JSON.stringify(layers)} } }\n`);
  for (const name of plain) writeFileSync(join(dir, `${name}.yaml`), documentText(name, 0));
  mkdirSync(join(dir, 'configmap/..0'), { recursive: true });
  writeFileSync(join(dir, 'configmap/..0/configmap.yaml'), documentText('configmap', 0));
  symlinkSync('..0', join(dir, 'configmap/..data'));
  symlinkSync('..data/configmap.yaml', join(dir, 'configmap/configmap.yaml'));
  return dir;
}

interface Written {
  readonly name: string;
  readonly k: number;
  /** The longest pause that was made half-way. */
  readonly pauseMs: number;
}

/** Lets all writers write; resolves with what they wrote, in the order in which it was whole. */
async function writeFor(ms: number, dir: string): Promise<readonly Written[]> {
  const script = bundled(join(import.meta.dirname, 'watch-writers.ts'));
  const child = spawn(process.execPath, [script, dir, String(ms), String(seed), String(branches)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (data: Buffer) => (output += data.toString()));
  expect(await new Promise((done) => child.once('close', done))).toBe(0);
  return output
    .split('\n')
    .slice(0, -1)
    .map((line): Written => JSON.parse(line));
}

/** The number of the document that each writer has in a value; undefined for what nobody wrote. */
function numbersOf(value: unknown): ReadonlyMap<string, number | undefined> {
  const { checkout = {}, ...rest } = isRecord(value) ? value : {};
  const files = isRecord(checkout) ? Object.values(checkout) : [];
  const isOne = files.length === checkedOut && files.every((branch) => branch === files[0]);
  const numbers = Object.entries(rest).map(([name, document]) => [name, numberOf(name, document)] as const);
  return new Map([...numbers, ['checkout', isOne ? Number(files[0]) : undefined]]);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** Shorter than a quiet moment. A machine too busy to keep a writer's pauses that short breaks the writer's promise, not the watcher's. */
const promisedPauseMs = 45;

/** What was published that no writer had whole. */
function tornOf(changes: Followed['changes'], written: readonly Written[]): readonly string[] {
  const late = new Set(written.filter(({ pauseMs }) => pauseMs > promisedPauseMs).map(({ name }) => name));
  return changes.flatMap(({ revision, value }) =>
    [...numbersOf(value)]
      .filter(([name, k]) => k === undefined && !late.has(name))
      .map(([name]) => `revision ${revision}: ${name}`),
  );
}

/** What each writer wrote last. */
function lastOf(written: readonly Written[]): ReadonlyMap<string, number> {
  const none = [...plain, 'configmap', 'checkout'].map((name) => [name, 0] as const);
  const last = written.map(({ name, k }) => [name, name === 'checkout' ? k % branches : k] as const);
  return new Map([...none, ...last]);
}

/** Less than the 10 s of the message by what timers are off. */
const restlessMs = 9_900;

/** How long nothing had been published when an error was told, for each: who says that sources do not rest must not have published. */
function silencesBeforeErrors(live: Followed['live']): readonly number[] {
  const silences: number[] = [];
  let publishedMs = performance.now();
  live.on('change', () => (publishedMs = performance.now()));
  live.on('error', () => silences.push(performance.now() - publishedMs));
  return silences;
}

/** On a busy machine the pauses of ten writers can be too short to be seen for 10 s on end, and then it is right to say so. */
function isRestless({ code, message }: Followed['errors'][number]): boolean {
  return code === 'E_SOURCE' && message.endsWith(' has kept changing for 10 s');
}

/** Hints of which each is dropped, doubled, delayed or told, by turns that do not repeat with any writer's. */
function faulty(open: OpenHints): OpenHints {
  return ({ onHint, onError }) => {
    let told = 0;
    const fates = [
      (): void => undefined,
      onHint,
      (): void => undefined,
      () => void setTimeout(onHint, 300),
      (): void => undefined,
      () => {
        onHint();
        onHint();
      },
      (): void => undefined,
    ];
    return open({ onHint: () => fates[told++ % fates.length]?.(), onError });
  };
}

/** Drops every hint. */
const deaf =
  (open: OpenHints): OpenHints =>
  ({ onError }) =>
    open({ onHint: () => undefined, onError });

const real = chokidarHints({ persistent: true, env: {} });
const durationMs = full ? 60_000 : 3_000;

describe(`ten styles of writing at once, seed ${seed}`, () => {
  it.each([
    ['every event', real, 1_000],
    ['events dropped, doubled and delayed', faulty(real), 6_000],
  ])(
    'are published whole and to the last: %s',
    { timeout: durationMs + 60_000 },
    async (_what, hints, deadlineMs) => {
      const dir = workplace();
      const watched = await follow({ dir }, (options) => watchWith(hints, options));
      const silences = silencesBeforeErrors(watched.live);
      const written = await writeFor(durationMs, dir);
      const endedMs = performance.now();
      const last = lastOf(written);
      const isLast = (): boolean =>
        [...numbersOf(watched.live.value)].every(([name, k]) => k === last.get(name));
      await until('the last of each', isLast, full ? deadlineMs : deadlineMs * 10);
      const reachedMs = Math.round(performance.now() - endedMs);
      console.log(
        `${written.length} writes, ${watched.changes.length} revisions, the last after ${reachedMs} ms`,
      );
      expect(tornOf(watched.changes, written)).toEqual([]);
      expect(watched.changes.map(({ revision }) => revision)).toEqual(
        watched.changes.map((_, index) => index + 2),
      );
      expect(watched.changes.length).toBeGreaterThan(0);
      expect(watched.errors.filter((error) => !isRestless(error))).toEqual([]);
      expect(silences.filter((ms) => ms < restlessMs)).toEqual([]);
      await watched.live.close();
      expect(process.getActiveResourcesInfo().filter((name) => name === 'FSEventWrap')).toEqual([]);
    },
  );

  it('show a watcher that believes events, so the trial is one', { timeout: 60_000 }, async () => {
    const dir = workplace();
    const changes: Followed['changes'] = [];
    const readNow = async (): Promise<void> => {
      const { result } = await readStack({ dir, env: {} });
      if ('config' in result)
        changes.push({
          revision: changes.length,
          value: result.config.value,
          changes: [],
          masked: () => [],
        });
    };
    const hints = real({ onHint: () => void readNow(), onError: () => undefined });
    onTestFinished(() => hints.close());
    await hints.aim((await readStack({ dir, env: {} })).looked, { anew: false });
    expect(await writeFor(1_500, dir)).not.toEqual([]);
    expect(tornOf(changes, [])).not.toEqual([]);
  });

  it('show when events are missed and nobody looks again', { timeout: 60_000 }, async () => {
    const dir = workplace();
    const watched = await follow({ dir, rescanMs: 80_000 }, (options) => watchWith(deaf(real), options));
    const written = await writeFor(500, dir);
    expect(written).not.toEqual([]);
    expect(watched.changes).toEqual([]);
  });
});

import { spawnSync } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bundled } from '../../race/bundle.js';
import { addFiles, folderWith, git } from '../folder.js';
import { follow, patient, pause } from './follow.js';

const settings = 'stacks: { app: { layers: [base.yaml] } }\n';
/** No rescan helps: what is reached was told by events. */
const eventsOnly = { rescanMs: 80_000 };

/** Puts a link in the place of another, as Kubernetes and deployments do. */
function swap(link: string, target: string): void {
  symlinkSync(target, `${link}.new`);
  renameSync(`${link}.new`, link);
}

describe('links', () => {
  it('of a mounted ConfigMap are followed each time they are swapped', async () => {
    const dir = folderWith({ '..1/cfg.yaml': settings, '..1/base.yaml': 'n: 1\n' });
    symlinkSync('..1', join(dir, '..data'));
    for (const name of ['cfg.yaml', 'base.yaml']) symlinkSync(`..data/${name}`, join(dir, name));
    const { live } = await follow({ dir, ...eventsOnly });
    for (const n of [2, 3, 4]) {
      addFiles(dir, { [`..${n}/cfg.yaml`]: settings, [`..${n}/base.yaml`]: `n: ${n}\n` });
      swap(join(dir, '..data'), `..${n}`);
      rmSync(join(dir, `..${n - 1}`), { recursive: true });
      await expect.poll(() => live.value, patient).toEqual({ n });
    }
    expect(live.revision).toBe(4);
  });

  it('above the folder are followed too', async () => {
    const root = folderWith({ 'v1/cfg.yaml': settings, 'v1/base.yaml': 'n: 1\n' });
    symlinkSync('v1', join(root, 'current'));
    const { live } = await follow({ dir: join(root, 'current'), ...eventsOnly });
    for (const n of [2, 3]) {
      addFiles(root, { [`v${n}/cfg.yaml`]: settings, [`v${n}/base.yaml`]: `n: ${n}\n` });
      swap(join(root, 'current'), `v${n}`);
      await expect.poll(() => live.value, patient).toEqual({ n });
    }
  });

  it('in a circle are a problem, not the end', async () => {
    const dir = folderWith({ 'cfg.yaml': settings, 'base.yaml': 'n: 1\n' });
    const watched = await follow({ dir, ...eventsOnly });
    swap(join(dir, 'base.yaml'), 'base.yaml');
    await expect.poll(() => watched.invalid.map(({ code }) => code), patient).toEqual(['E_SOURCE']);
    swap(join(dir, 'base.yaml'), 'other.yaml');
    addFiles(dir, { 'other.yaml': 'n: 2\n' });
    await expect.poll(() => watched.live.value, patient).toEqual({ n: 2 });
  });
});

describe('folders', () => {
  it('give layers that come and go', async () => {
    const dir = folderWith({
      'cfg.yaml': 'stacks: { app: { layers: [conf.d/] } }\n',
      'conf.d/a.yaml': 'a: 1\n',
    });
    const { live } = await follow({ dir, settleMs: 20, ...eventsOnly });
    addFiles(dir, { 'conf.d/b.yaml': 'b: 1\n' });
    await expect.poll(() => live.value, patient).toEqual({ a: 1, b: 1 });
    rmSync(join(dir, 'conf.d/a.yaml'));
    await expect.poll(() => live.value, patient).toEqual({ b: 1 });
  });

  it('are found again when they were removed and made anew, more than once', async () => {
    const dir = join(folderWith({}), 'app');
    const fill = (n: number): void => addFiles(dir, { 'cfg.yaml': settings, 'base.yaml': `n: ${n}\n` });
    mkdirSync(dir);
    fill(1);
    const { live } = await follow({ dir, settleMs: 20, ...eventsOnly });
    for (const n of [2, 3, 4]) {
      rmSync(dir, { recursive: true });
      if (n === 3) await pause(300);
      mkdirSync(dir);
      fill(n);
      await expect.poll(() => live.value, patient).toEqual({ n });
    }
    writeFileSync(join(dir, 'base.yaml'), 'n: 5\n');
    await expect.poll(() => live.value, patient).toEqual({ n: 5 });
  });
});

describe('Git', () => {
  it('checks out 500 files as one change', async () => {
    const dir = folderWith({ 'cfg.yaml': 'stacks: { app: { layers: [many/] } }\n' });
    git(dir, 'init', '-q', '-b', 'one');
    for (const branch of ['one', 'two']) {
      if (branch === 'two') git(dir, 'checkout', '-q', '-b', 'two');
      for (let n = 0; n < 500; n += 1) addFiles(dir, { [`many/f${n}.yaml`]: `f${n}: ${branch}\n` });
      git(dir, 'add', '-A');
      git(dir, 'commit', '-q', '-m', branch);
    }
    const watched = await follow({ dir });
    const branchesOf = (value: unknown): unknown[] => [...new Set(Object.values(Object(value)))];
    for (const branch of ['one', 'two', 'one']) {
      git(dir, 'checkout', '-q', branch);
      await expect.poll(() => branchesOf(watched.live.value), patient).toEqual([branch]);
    }
    expect(watched.changes.map(({ value }) => branchesOf(value))).toEqual([['one'], ['two'], ['one']]);
  });

  it.each([
    ['a branch', 'main'],
    ['HEAD', 'HEAD'],
    ['a range of versions', '^1.0'],
  ])('moves %s', async (_what, rev) => {
    const dir = folderWith({ 'cfg.yaml': settings });
    git(dir, 'init', '-q', '-b', 'main');
    const release = (n: number): void => {
      addFiles(dir, { 'base.yaml': `n: ${n}\n` });
      git(dir, 'add', '-A');
      git(dir, 'commit', '-q', '-m', String(n));
      git(dir, 'tag', '-a', '-m', String(n), `v1.${n}.0`);
    };
    release(1);
    const { live } = await follow({ dir, rev, ...eventsOnly });
    release(2);
    await expect.poll(() => live.value, patient).toEqual({ n: 2 });
    git(dir, 'pack-refs', '--all');
    release(3);
    await expect.poll(() => live.value, patient).toEqual({ n: 3 });
  });
});

describe('events', () => {
  it('in thousands are few changes', async () => {
    const dir = folderWith({ 'cfg.yaml': settings, 'base.yaml': 'n: 10000\n' });
    const watched = await follow({ dir, ...eventsOnly });
    const file = openSync(join(dir, 'base.yaml'), 'r+');
    for (let n = 10_001; n <= 20_000; n += 1) {
      writeSync(file, `n: ${n}\n`, 0);
      if (n % 100 === 0) await pause(1);
    }
    closeSync(file);
    await expect.poll(() => watched.live.value, patient).toEqual({ n: 20_000 });
    expect(watched.changes.length).toBeLessThanOrEqual(20);
  });
});

it('leaves a process free to end', () => {
  const dir = folderWith({ 'cfg.yaml': settings, 'base.yaml': 'n: 1\n' });
  const script = bundled(join(import.meta.dirname, 'ending.ts'));
  for (const how of ['close', 'abort', 'unref', 'reject']) {
    const { status, signal, stderr } = spawnSync(process.execPath, [script, dir, how], {
      encoding: 'utf8',
      timeout: 20_000,
    });
    expect({ how, status, signal, stderr }).toEqual({ how, status: 0, signal: null, stderr: '' });
  }
});

/** Faults of the store, seeded one at a time between a command and its disk: for each of them some harness of this folder must fail. */
import { describe, expect, it, vi } from 'vitest';
import type { Fs } from '../../src/store/index.js';
import { cases } from './command-cases.js';
import { disorder } from './durable-order.js';
import { problemsWith } from './fault-verdict.js';
import { problemsAfterCut } from './power-cut.js';
import { powerCuts } from './recording-fs.js';
import { type Above, faultsOf, sceneOf } from './scene.js';
import { isFull } from './some-of.js';

vi.mock('../../src/store/fs.js', async (importOriginal) => {
  const { behind } = await import('./current-disk.js');
  return behind(await importOriginal<{ readonly nodeFileSystem: Fs }>());
});

const spoiled =
  (spoil: (fs: Fs) => Partial<Fs>): Above =>
  (fs) => {
    const changed = spoil(fs);
    return new Proxy(fs, { get: (target, name: keyof Fs) => changed[name] ?? target[name] });
  };

/** No fsync for files, or names in folders, of that name. */
const unsynced = (paths: RegExp): Above =>
  spoiled((fs) => ({
    sync: async (path) => (paths.test(path) ? undefined : fs.sync(path)),
    syncDirectory: (path) => (paths.test(path) ? undefined : fs.syncDirectory(path)),
    createFile: (path, data, options) =>
      fs.createFile(path, data, paths.test(path) ? { ...options, sync: false } : options),
    appendFile: (path, data, options) => fs.appendFile(path, data, paths.test(path) ? {} : options),
  }));

/** What should be renamed into place is written there. */
const inPlace = (paths: RegExp): Above =>
  spoiled((fs) => ({
    rename: (from, to) => {
      if (paths.test(to)) {
        if (fs.lstat(to) !== undefined) fs.unlink(to);
        fs.createFile(to, fs.readFile(from), { sync: true });
        fs.unlink(from);
      } else fs.rename(from, to);
    },
  }));

/** Objects come to their places only after the ref. */
const objectsLast: Above = spoiled((fs) => {
  const waiting: (() => void)[] = [];
  return {
    rename: (from, to) => {
      const move = (): void => fs.rename(from, to);
      if (to.includes('/objects/')) waiting.push(move);
      else move();
      if (to.includes('/refs/heads/')) for (const late of waiting.splice(0)) late();
    },
  };
});

const withoutJournal: Above = spoiled((fs) => ({
  createFile: (path, data, options) =>
    fs.createFile(path, path.includes('/journal.') ? new Uint8Array() : data, options),
}));

const deaf: Above = spoiled((fs) => ({
  createFile: (path, data, options) => {
    try {
      return fs.createFile(path, data, options);
    } catch (error) {
      const stat = fs.lstat(path);
      if (stat === undefined || !path.includes('tmp_obj')) throw error;
      return stat;
    }
  },
}));

const keepsLocks: Above = spoiled((fs) => ({
  unlink: (path) => (path.endsWith('.lock') ? undefined : fs.unlink(path)),
}));

const anonymous: Above = spoiled((fs) => ({ link: (_, to) => void fs.createFile(to, new Uint8Array()) }));

type Mutant = readonly [name: string, command: string, above: Above, isSlow?: 'slow'];

async function sceneWith(command: string, above?: Above): ReturnType<typeof sceneOf> {
  const subject = cases.find((one) => `${one.command}: ${one.name}` === command);
  if (subject === undefined) throw new Error(`no case '${command}'`);
  return sceneOf(subject, above);
}

/** Those that are not slow; with CFG_FULL=1 all. */
const some = (mutants: readonly Mutant[]): (readonly [string, string, Above])[] =>
  mutants.flatMap(([name, command, above, isSlow]) =>
    isFull || isSlow === undefined ? [[name, command, above] as const] : [],
  );

describe('the order of syncs tells', () => {
  it.each(
    some([
      ['objects that are not synced', 'commit: the index', unsynced(/tmp_obj/)],
      ['folders of objects that are not synced', 'commit: the index', unsynced(/objects(\/..)?$/)],
      ['a branch that is not synced', 'commit: the index', unsynced(/refs\/heads\/main\.lock$/)],
      ['a folder of refs that is not synced', 'commit: the index', unsynced(/refs\/heads$/)],
      ['objects that come after the branch', 'commit: the index', objectsLast],
      ['HEAD that is not synced', 'switch: to another branch', unsynced(/HEAD\.lock$/), 'slow'],
      [
        'packed refs that are not synced',
        'branch: delete a packed one',
        unsynced(/packed-refs\.lock$/),
        'slow',
      ],
      ['settings that are not synced', 'remote: add', unsynced(/config\.lock$/), 'slow'],
      ['a merge that is not synced', 'merge: with conflicts', unsynced(/cfg\/locks\/temp/), 'slow'],
      ['a pack of gc that is not synced', 'gc: packs and loose objects', unsynced(/tmp_pack/), 'slow'],
      [
        'a folder of packs that is not synced',
        'gc: packs and loose objects',
        unsynced(/objects\/pack$/),
        'slow',
      ],
      [
        'a fetched pack that is not synced',
        'fetch: so many objects that they stay a pack',
        unsynced(/pack/),
        'slow',
      ],
    ]),
  )('%s', async (_, command, above) => {
    const { recorded } = await sceneWith(command, above);
    expect(disorder(recorded.calls)).not.toEqual([]);
  });
});

describe('a power cut tells', () => {
  it.each(
    some([
      ['objects that are not synced', 'commit: the index', unsynced(/tmp_obj/)],
      ['a branch that is not synced', 'commit: the index', unsynced(/refs\/heads\/main\.lock$/), 'slow'],
      ['a folder of refs that is not synced', 'tag: a version', unsynced(/refs\/tags$/), 'slow'],
      [
        'packed refs that are not synced',
        'branch: delete a packed one',
        unsynced(/packed-refs\.lock$|\.git$/),
        'slow',
      ],
      ['a merge that is not synced', 'merge: with conflicts', unsynced(/cfg\/locks\/temp/), 'slow'],
    ]),
  )('%s', async (_, command, above) => {
    const scene = await sceneWith(command, above);
    const worst = powerCuts(scene.recorded.calls, scene.recorded.calls.length).at(-1);
    expect(worst && (await problemsAfterCut(scene, worst))).not.toEqual([]);
  });
});

/** Where to look: faults at these calls are tried until one is noticed. */
type AtCalls = readonly [name: string, command: string, above: Above, calls: RegExp];

const always: readonly AtCalls[] = [
  [
    'a branch that is written in place',
    'commit: the index',
    inPlace(/refs\/heads\/main$/),
    /refs\/heads\/main$/,
  ],
];

const slow: readonly AtCalls[] = [
  ['an index that is written in place', 'add: everything', inPlace(/\.git\/index$/), /\.git\/index$/],
  ['HEAD that is written in place', 'switch: to another branch', inPlace(/\.git\/HEAD$/), /\.git\/HEAD$/],
  ['settings that are written in place', 'remote: add', inPlace(/\.git\/config$/), /\.git\/config$/],
  [
    'packed refs that are written in place',
    'branch: delete a packed one',
    inPlace(/packed-refs$/),
    /packed-refs$/,
  ],
  ['files that are written in place', 'set: a key', inPlace(/app\.yaml$/), /app\.yaml$/],
  ['several refs without a journal', 'branch: rename', withoutJournal, /(rename|unlink) .*refs\/heads/],
  ['errors that nobody hears', 'commit: the index', deaf, /createFile .*tmp_obj/],
  ['locks that stay', 'commit: the index', keepsLocks, /syncDirectory .*refs\/heads$/],
  ['locks without an owner', 'tag: a version', anonymous, /refs\/tags/],
];

describe('faults at its writes tell', () => {
  it.each(isFull ? [...always, ...slow] : always)(
    '%s',
    { timeout: 600_000 },
    async (_, command, above, calls) => {
      const { after } = await sceneWith(command);
      const scene = { ...(await sceneWith(command, above)), after };
      const noticed: string[] = [];
      for (const fault of faultsOf(scene).filter(({ at }) => calls.test(scene.calls[at] ?? ''))) {
        noticed.push(...(await problemsWith(scene, fault, above)));
        if (noticed.length > 0) break;
      }
      expect(noticed).not.toEqual([]);
    },
  );
});

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { isConfigError } from '../../../src/errors.js';
import { initStore, type IncomingPack, type Store } from '../../../src/store/index.js';
import { shell } from '../../cli/command-line.js';
import { newWorld, type World } from '../../interop/remotes/world.js';

interface Sample {
  readonly world: World;
  readonly tip: string;
  /** A pack of everything below the tip, deltas by offset, then by id. */
  readonly packs: readonly [Buffer, Buffer];
}

let sample: Sample;

/** A history of more than a hundred objects, most of them deltas. */
beforeAll(() => {
  const world = newWorld();
  const lines = Array.from({ length: 60 }, (_, at) => `key${at}: ${at}`);
  for (let at = 0; at < 50; at += 1) {
    world.write('seed/big.yaml', `${lines.with(at, `key${at}: changed ${at}`).join('\n')}\n`);
    shell(`git add -A && git commit -q -m c${at}`, { cwd: join(world.dir, 'seed') });
  }
  const tip = world.git('seed', 'rev-parse main');
  const pack = (option: string): Buffer =>
    execFileSync('sh', ['-c', `git rev-list --objects main | git pack-objects -q --stdout ${option}`], {
      cwd: join(world.dir, 'seed'),
      maxBuffer: 1e8,
    });
  sample = { world, tip, packs: [pack('--delta-base-offset'), pack('')] };
});

async function emptyStore(name: string): Promise<Store> {
  return (await initStore({ dir: join(sample.world.dir, name), bare: true, env: {} })).store;
}

function incoming(data: Buffer, chunkBytes = 1000): IncomingPack {
  return {
    shallow: [],
    unshallow: [],
    pack: (async function* () {
      for (let at = 0; at < data.length; at += chunkBytes) yield data.subarray(at, at + chunkBytes);
    })(),
  };
}

/** What a new repository says to a pack; undefined when it takes it. */
async function take(name: string, data: Buffer): Promise<unknown> {
  const store = await emptyStore(name);
  return store.exchange?.receive(incoming(data), { wants: [sample.tip], url: 'x' }).then(
    () => undefined,
    (error: unknown) => error,
  );
}

/** What is in the objects folder, as paths. */
function objectFiles({ gitDir }: Store): readonly string[] {
  return readdirSync(join(gitDir, 'objects'), { recursive: true, encoding: 'utf8' })
    .filter((path) => /[0-9a-f]{38}|tmp/.test(path))
    .toSorted();
}

describe('taking a pack in', () => {
  it.each([
    ['deltas by offset', 0],
    ['deltas by id', 1],
  ] as const)('%s: the index is the one that git makes', async (_what, which) => {
    const store = await emptyStore(`receive-${which}.git`);
    const data = sample.packs[which];
    await store.exchange?.receive(incoming(data), { wants: [sample.tip], url: 'x' });
    const [index = '', pack = ''] = objectFiles(store);
    const own = join(store.gitDir, 'objects', index);
    expect([index, pack].map((name) => name.replace(/[0-9a-f]{40}/, ''))).toEqual([
      'pack/pack-.idx',
      'pack/pack-.pack',
    ]);
    expect(readFileSync(join(store.gitDir, 'objects', pack))).toEqual(data);
    sample.world.git('', `index-pack -o ${own}.git ${join(store.gitDir, 'objects', pack)}`);
    expect(readFileSync(own)).toEqual(readFileSync(`${own}.git`));
  });

  it('few objects become loose ones', async () => {
    const store = await emptyStore('few.git');
    const { world } = sample;
    const data = execFileSync('sh', ['-c', 'git rev-list --objects v1.0.0 | git pack-objects -q --stdout'], {
      cwd: join(world.dir, 'seed'),
    });
    await store.exchange?.receive(incoming(data, 1), {
      wants: [world.git('seed', 'rev-parse v1.0.0^{}')],
      url: 'x',
    });
    expect(objectFiles(store).every((path) => /^[0-9a-f]{2}\/[0-9a-f]{38}$/.test(path))).toBe(true);
  });

  it('every single damaged byte is found, and nothing is left of it', async () => {
    const store = await emptyStore('damaged.git');
    const [data] = sample.packs;
    for (let at = 0; at < data.length; at += 97) {
      const damaged = Buffer.from(data);
      damaged[at] = (damaged[at] ?? 0) ^ 0x10;
      await expect(
        store.exchange?.receive(incoming(damaged), { wants: [sample.tip], url: 'x' }),
      ).rejects.toMatchObject({ code: 'E_CORRUPT' });
    }
    expect(objectFiles(store)).toEqual([]);
  }, 60_000);

  it('damage under a right checksum is found as well, unless it changes no object', async () => {
    for (const [which, data] of sample.packs.entries())
      for (let at = 4; at < data.length - 20; at += 89) {
        const body = Buffer.from(data.subarray(0, -20));
        body[at] = (body[at] ?? 0) ^ 0x24;
        const forged = Buffer.concat([body, createHash('sha1').update(body).digest()]);
        const name = `forged-${which}-${at}.git`;
        const outcome = await take(name, forged);
        const isSame =
          outcome === undefined && sample.world.git(name, `fsck --strict --full ${sample.tip}`) !== undefined;
        expect(isSame || isConfigError(outcome, 'E_CORRUPT')).toBe(true);
      }
  }, 60_000);

  it.each([0, 11, 31, 500, -1])('a pack that ends after %d bytes is refused', async (length) => {
    const store = await emptyStore(`short${length}.git`);
    const [data] = sample.packs;
    await expect(
      store.exchange?.receive(incoming(data.subarray(0, length)), { wants: [sample.tip], url: 'x' }),
    ).rejects.toMatchObject({ code: 'E_CORRUPT' });
    expect(objectFiles(store)).toEqual([]);
  });

  it('a pack that leads to what is not here is refused', async () => {
    const store = await emptyStore('open.git');
    const { world, tip } = sample;
    const data = execFileSync(
      'sh',
      ['-c', 'git rev-list --objects main ^main~20 | git pack-objects -q --stdout'],
      { cwd: join(world.dir, 'seed') },
    );
    await expect(
      store.exchange?.receive(incoming(data), { wants: [tip], url: 'https://host/x' }),
    ).rejects.toMatchObject({
      code: 'E_CORRUPT',
      message: expect.stringContaining("'https://host/x' sent refs without everything that they lead to"),
    });
    expect(objectFiles(store)).toEqual([]);
  });

  it('what is here but not whole does not count as here', async () => {
    const store = await emptyStore('half.git');
    const { world, tip } = sample;
    // Unreachable objects, as a gc may leave them: the commits of the base, without their trees.
    shell(
      'for c in $(git rev-list main~20); do git cat-file commit $c | git -C ../half.git hash-object -t commit -w --stdin --literally; done',
      {
        cwd: join(world.dir, 'seed'),
      },
    );
    const data = execFileSync(
      'sh',
      ['-c', 'git rev-list --objects main ^main~20 | git pack-objects -q --stdout'],
      { cwd: join(world.dir, 'seed') },
    );
    await expect(store.exchange?.receive(incoming(data), { wants: [tip], url: 'x' })).rejects.toMatchObject({
      code: 'E_CORRUPT',
    });
  });

  it('a wanted id that did not come is noticed', async () => {
    const store = await emptyStore('absent.git');
    const [data] = sample.packs;
    const wants = ['1234567890123456789012345678901234567890'];
    await expect(store.exchange?.receive(incoming(data), { wants, url: 'x' })).rejects.toMatchObject({
      code: 'E_CORRUPT',
    });
    expect(objectFiles(store)).toEqual([]);
  });
});

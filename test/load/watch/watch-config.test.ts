import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { watchConfig, type ConfigSource } from '../../../src/load/index.js';
import { addFiles, folderWith } from '../folder.js';
import { follow, patient, until } from './follow.js';

const settings = 'stacks: { app: { layers: [base.yaml, local.yaml?], schema: schema.json } }\n';
const schema = JSON.stringify({ properties: { port: { type: 'integer' } } });
const files = { 'cfg.yaml': settings, 'schema.json': schema, 'base.yaml': 'port: 1\ndb: { pool: 5 }\n' };

describe('watchConfig', () => {
  it('gives the configuration at revision 1, frozen', async () => {
    const { live } = await follow({ dir: folderWith(files) });
    expect(live).toMatchObject({ value: { port: 1 }, revision: 1, stack: 'app', problem: undefined });
    expect(live.get('db.pool')).toBe(5);
    expect(Object.isFrozen(live.value)).toBe(true);
  });

  it('takes the type of the configuration, as loadConfig does', async () => {
    const live = await watchConfig<{ readonly port: number }>({ dir: folderWith(files) });
    const port: number = live.value.port;
    live.on('change', (_changes, { value }) => value.port.toFixed());
    expect(port).toBe(1);
    await live.close();
  });

  it('reads any number of layers without a warning', async () => {
    const warnings: string[] = [];
    const onWarning = ({ message }: Error): void => void warnings.push(message);
    process.on('warning', onWarning);
    const layers = Array.from({ length: 30 }, (_, n) => ({ value: { [`k${n}`]: n } }));
    await follow({ dir: folderWith({}), layers });
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', onWarning);
    expect(warnings).toEqual([]);
  });

  it('tells a change by key', async () => {
    const dir = folderWith(files);
    const watched = await follow({ dir });
    addFiles(dir, { 'base.yaml': 'port: 2\ndb: { pool: 5 }\n' });
    await until('a change', () => watched.changes.length > 0);
    expect(watched.changes).toMatchObject([
      {
        revision: 2,
        value: { port: 2, db: { pool: 5 } },
        changes: [{ path: 'port', kind: 'changed', before: 1, after: 2 }],
      },
    ]);
    expect(watched.live.revision).toBe(2);
  });

  it.each([
    ['syntax', { 'base.yaml': 'port: [1\n' }, { code: 'E_INVALID', file: 'base.yaml', line: 2, column: 1 }],
    ['schema', { 'base.yaml': '\nport: x\n' }, { code: 'E_INVALID', file: 'base.yaml', line: 2, column: 7 }],
    ['cfg.yaml', { 'cfg.yaml': 'stack: {}\n' }, { code: 'E_SETTINGS', file: 'cfg.yaml', line: 1, column: 1 }],
    ['a schema of the wrong kind', { 'schema.json': '[]' }, { code: 'E_INVALID' }],
  ])('keeps the last good one: %s', async (_what, broken, problem) => {
    const dir = folderWith(files);
    const watched = await follow({ dir, settleMs: 20 });
    addFiles(dir, broken);
    await until('invalid', () => watched.invalid.length > 0);
    expect(watched.invalid[0]).toMatchObject(problem);
    expect(watched.live.problem).toBe(watched.invalid[0]);
    expect(watched.live).toMatchObject({ value: { port: 1 }, revision: 1 });

    addFiles(dir, files);
    await until('valid', () => watched.valid() > 0);
    expect(watched.live.problem).toBeUndefined();
    expect(watched.changes).toEqual([]);
  });

  it('tells of a required layer that is gone, and of the folder', async () => {
    const dir = folderWith(files);
    const watched = await follow({ dir, settleMs: 20 });
    rmSync(join(dir, 'base.yaml'));
    await until('invalid', () => watched.invalid.length === 1);
    expect(watched.invalid[0]).toMatchObject({ code: 'E_SOURCE', file: 'base.yaml', line: 1, column: 1 });
    renameSync(dir, `${dir}.gone`);
    await until('invalid', () => watched.invalid.length === 2);
    renameSync(`${dir}.gone`, dir);
    addFiles(dir, { 'base.yaml': 'port: 3\n' });
    await expect.poll(() => watched.live.value, patient).toEqual({ port: 3 });
  });

  it('follows what the stack comes to consist of', async () => {
    const dir = folderWith(files);
    const watched = await follow({ dir });
    addFiles(dir, { 'local.yaml': 'port: 7\n' });
    await expect.poll(() => watched.live.value, patient).toEqual({ port: 7, db: { pool: 5 } });
    addFiles(dir, {
      'more/new.yaml': 'port: 8\n',
      'cfg.yaml': 'stacks: { app: { layers: [more/new.yaml] } }\n',
    });
    await expect.poll(() => watched.live.value, patient).toEqual({ port: 8 });
    addFiles(dir, { 'more/new.yaml': 'port: 9\n' });
    await expect.poll(() => watched.live.value, patient).toEqual({ port: 9 });
  });

  it('rejects as loadConfig does when there is nothing valid to begin with', async () => {
    const dir = folderWith({ ...files, 'base.yaml': 'port: x\n' });
    await expect(watchConfig({ dir, env: {}, settleMs: 5 })).rejects.toMatchObject({ code: 'E_INVALID' });
  });

  it.each([{ settleMs: -1 }, { settleMs: Number.NaN }, { rescanMs: Number.POSITIVE_INFINITY }])(
    'refuses %o',
    async (times) => {
      await expect(watchConfig({ dir: '.', ...times })).rejects.toMatchObject({ code: 'E_USAGE' });
    },
  );
});

describe('close', () => {
  it('does not wait for a server that does not answer, and tells nothing any more', async () => {
    let asked = 0;
    const aborted: string[] = [];
    const remote: ConfigSource = {
      name: 'slow',
      retries: 5,
      read: async ({ look, signal }) => {
        look({ kind: 'remote', source: 'slow', everyMs: 20 });
        asked += 1;
        if (asked === 1) return { documents: [{ name: 'slow', value: { a: 1 } }] };
        signal.addEventListener('abort', () => aborted.push('slow'));
        return new Promise(() => undefined);
      },
    };
    const watched = await follow({ dir: folderWith({}), layers: [remote] });
    await until('a second question', () => asked === 2);
    await watched.live.close();
    expect(aborted).toEqual(['slow']);
    expect([asked, watched.changes, watched.live.value]).toEqual([2, [], { a: 1 }]);
  });
});

describe('signal', () => {
  it('closes', async () => {
    const controller = new AbortController();
    const dir = folderWith(files);
    const { live } = await follow({ dir, signal: controller.signal });
    controller.abort();
    const loop = live[Symbol.asyncIterator]();
    expect(await loop.next()).toMatchObject({ done: true });
  });

  it.each(['before', 'while it starts'])('rejects when aborted %s', async (when) => {
    const controller = new AbortController();
    if (when === 'before') controller.abort(new Error('enough'));
    const starting = watchConfig({ dir: folderWith(files), env: {}, signal: controller.signal });
    if (when !== 'before') controller.abort(new Error('enough'));
    await expect(starting).rejects.toThrow('enough');
  });
});

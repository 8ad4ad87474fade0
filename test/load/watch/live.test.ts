import { describe, expect, it } from 'vitest';
import type { ConfigObject } from '../../../src/doc/index.js';
import { ConfigError } from '../../../src/errors.js';
import { mergeLayers } from '../../../src/layer/index.js';
import { createConfig } from '../../../src/load/config.js';
import type { Config, ConfigChange, InvalidConfig } from '../../../src/load/index.js';
import { invalidConfig } from '../../../src/load/watch/invalid.js';
import { Live } from '../../../src/load/watch/live.js';

const configOf = (value: ConfigObject, layer = 'base.yaml'): Config =>
  createConfig(mergeLayers([{ name: layer, value }]), {
    stack: 'app',
    command: '',
    sources: [],
    isSecret: () => false,
  });
const liveOf = (value: ConfigObject): Live => new Live(configOf(value), async () => undefined);
const problem: InvalidConfig = invalidConfig(
  new ConfigError('E_SOURCE', "layer 'a' does not exist", { details: { layer: 'a' } }),
);

describe('a live configuration', () => {
  it('has the events that it names, and no others', () => {
    expect(() => liveOf({}).on('chnage' as 'change', () => {})).toThrow(
      expect.objectContaining({ code: 'E_USAGE', hint: 'its events: change, invalid, valid, error' }),
    );
  });

  it('keeps value and revision where nothing differs, but knows where keys stand now', () => {
    const live = liveOf({ a: { b: 1 } });
    const { value } = live;
    live.publish(configOf({ a: { b: 1 } }, 'other.yaml'));
    expect([live.revision, live.value === value]).toEqual([1, true]);
    expect(live.get('a')).toBe(live.get('a'));
    expect(live.explain('a.b').from.layer).toBe('other.yaml');
  });

  it('tells a key when it changes, appears and goes, and only then', () => {
    const live = liveOf({ a: { b: 1 }, c: 1 });
    const told: unknown[] = [];
    const off = live.watch('a.b', (now, before, { revision }) => told.push([now, before, revision]));
    for (const value of [{ a: { b: 2 } }, { a: { b: 2 }, c: 5 }, { c: 5 }, { a: { b: null } }])
      live.publish(configOf(value));
    off();
    live.publish(configOf({}));
    expect(told).toEqual([
      [2, 1, 2],
      [undefined, 2, 4],
      [null, undefined, 5],
    ]);
    expect(() => live.watch('a[', () => undefined)).toThrow(expect.objectContaining({ code: 'E_BAD_PATH' }));
  });

  it('masks what was secret before, is now, or was for a loop that slept', async () => {
    const hiding = (name: string, value: string): Config =>
      createConfig(mergeLayers([{ name: 'base.yaml', value: { a: value, b: value, c: value } }]), {
        stack: 'app',
        command: '',
        sources: [],
        isSecret: ([key]) => key === name,
      });
    const live = new Live(hiding('a', 'canary'), async () => undefined);
    const told: unknown[] = [];
    live.on('change', (_changes, { masked }) => told.push(masked()));
    const loop = live[Symbol.asyncIterator]();
    const shown = (value: string, before: string): object[] => [
      { path: 'a', kind: 'changed', before: '***', after: '***' },
      { path: 'b', kind: 'changed', before: '***', after: '***' },
      { path: 'c', kind: 'changed', before, after: value },
    ];
    live.publish(hiding('b', '1'));
    expect(told).toEqual([shown('1', 'canary')]);
    live.publish(hiding('b', '2'));
    expect((await loop.next()).value?.masked()).toEqual(shown('2', 'canary'));
    live.publish(hiding('c', '2'));
    expect([live.revision, live.mask()]).toEqual([3, { a: '2', b: '2', c: '***' }]);
  });

  it('tells a problem once, and when it is over', () => {
    const live = liveOf({ a: 1 });
    const told: string[] = [];
    live.on('invalid', ({ file, line, column, message }) =>
      told.push(`${file}:${line}:${column}: ${message}`),
    );
    live.on('valid', () => told.push('valid'));
    live.on('change', (changes) => told.push(...changes.map(({ path }) => path)));
    live.refuse(problem);
    live.refuse({ ...problem });
    live.refuse({ ...problem, message: 'another', problems: [{ ...problem, message: 'another' }] });
    live.publish(configOf({ a: 2 }));
    live.publish(configOf({ a: 2 }));
    expect(told).toEqual([`a:1:1: ${problem.message}`, 'a:1:1: another', 'valid', 'a']);
  });

  it('tells nothing after it was closed, and stays readable', async () => {
    const live = liveOf({ a: 1 });
    const told: unknown[] = [];
    live.on('change', () => told.push('change'));
    live.on('error', () => told.push('error'));
    await live.close();
    live.publish(configOf({ a: 2 }));
    live.refuse(problem);
    live.report(new ConfigError('E_IO', 'late'));
    expect([told, live.get('a'), live.problem]).toEqual([[], 1, undefined]);
  });

  it('tells listeners that are added by a listener of the next change only', () => {
    const live = liveOf({ a: 1 });
    const told: string[] = [];
    live.on('change', (_changes, { revision }) => {
      told.push(`old ${revision}`);
      live.on('change', (_more, next) => told.push(`new ${next.revision}`));
    });
    live.publish(configOf({ a: 2 }));
    live.publish(configOf({ a: 3 }));
    expect(told).toEqual(['old 2', 'old 3', 'new 3']);
  });

  it('throws what a listener throws to the process, after all have heard', async () => {
    const live = liveOf({ a: 1 });
    const thrown = new Promise((resolve) => {
      const others = process.rawListeners('uncaughtException');
      process.removeAllListeners('uncaughtException');
      process.once('uncaughtException', (error) => {
        for (const other of others)
          process.on('uncaughtException', (cause) => void other.call(process, cause));
        resolve(error);
      });
    });
    let heard = 0;
    live.on('change', () => {
      throw new Error('mine');
    });
    live.on('change', () => (heard += 1));
    live.publish(configOf({ a: 2 }));
    expect(heard).toBe(1);
    expect(await thrown).toEqual(new Error('mine'));
  });
});

describe('a loop over changes', () => {
  it('gets each, joins those that it was too slow for, and ends with the watching', async () => {
    const live = liveOf({ a: 1, b: 1 });
    const seen: unknown[] = [];
    const loop = (async (): Promise<void> => {
      for await (const { revision, changes } of live) seen.push([revision, changes.map(({ path }) => path)]);
    })();
    await turn();
    live.publish(configOf({ a: 2, b: 1 }));
    await turn();
    live.publish(configOf({ a: 2, b: 2 }));
    live.publish(configOf({ a: 3, b: 2 }));
    await turn();
    live.publish(configOf({ a: 9, b: 2 }));
    live.publish(configOf({ a: 3, b: 2 }));
    await live[Symbol.asyncDispose]();
    await loop;
    expect(seen).toEqual([
      [2, ['a']],
      [4, ['a', 'b']],
    ]);
  });

  it('begins where it was made', async () => {
    const live = liveOf({ a: 1 });
    const changes: AsyncIterator<ConfigChange> = live[Symbol.asyncIterator]();
    live.publish(configOf({ a: 2 }));
    expect(await changes.next()).toMatchObject({ value: { revision: 2 } });
    await changes.return?.();
  });
});

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  listFiles,
  memoryStore,
  MutableTree,
  objectOid,
  openStore,
  type ObjectBatch,
  type RawObject,
  writeTree,
} from '../../src/store/index.js';
import { fsck, git, newStore, storeEnv } from './sandbox.js';

const blob = (text: string): RawObject => ({ type: 'blob', data: Buffer.from(text) });
const packs = (dir: string): readonly string[] => readdirSync(join(dir, '.git/objects/pack'));

describe('a batch of objects', () => {
  it('is nowhere before it is published, and then one pack of deltas that git reads', async () => {
    const { dir, store } = await newStore();
    const batch = store.objects.batch?.();
    const texts = Array.from(
      { length: 400 },
      (_, at) => `${'line\n'.repeat(50)}value: ${at}\n${'end\n'.repeat(50)}`,
    );
    let like: { oid: string; data: Uint8Array } | undefined;
    for (const text of texts) {
      const object = blob(text);
      like = { oid: batch?.add(object, like) ?? '', data: object.data };
    }
    expect(await store.objects.has(like?.oid ?? '')).toBe(false);
    await batch?.publish();
    const [, pack = ''] = packs(dir);
    expect(packs(dir)).toHaveLength(2);
    const shown = git(dir, 'verify-pack', '-v', join('.git/objects/pack', pack));
    expect(shown).toContain('chain length = 50');
    expect(shown).not.toContain('chain length = 51');
    const reopened = await openStore({ dir, env: storeEnv });
    for (const text of texts) {
      const oid = objectOid('blob', Buffer.from(text));
      expect(Buffer.from((await reopened.objects.read(oid)).data).toString()).toBe(text);
      expect(git(dir, 'cat-file', 'blob', oid)).toBe(text.trimEnd());
    }
  }, 60_000);

  it('of few objects has no pack', async () => {
    const { dir, store } = await newStore();
    const batch = store.objects.batch?.();
    const oids = ['a', 'b', 'a'].map((text) => batch?.add(blob(text)) ?? '');
    await batch?.publish();
    expect(packs(dir)).toEqual([]);
    for (const oid of oids) expect(git(dir, 'cat-file', '-t', oid)).toBe('blob');
    expect(fsck(dir)).toBe('');
  });
});

const name = fc.constantFrom('a', 'a.b', 'a-b', 'a0', 'b', 'é', 'Z');
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('/'));
const step = fc.record({ path, text: fc.constantFrom('1', '2', null) });

describe('a mutable tree', () => {
  it('is after each change the tree that writeTree makes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(step, { maxLength: 3 }), { maxLength: 8 }), async (commits) => {
        const store = memoryStore();
        const batch: Pick<ObjectBatch, 'add'> = {
          add: (object) => {
            void store.objects.write([object]);
            return objectOid(object.type, object.data);
          },
        };
        const mutable = new MutableTree(store, null);
        let expected = await writeTree(store, null, []);
        for (const steps of commits) {
          for (const { path: at, text } of steps) {
            const entry =
              text === null ? null : { mode: '100644' as const, oid: objectOid('blob', Buffer.from(text)) };
            const next = await writeTree(store, expected, [{ path: at, entry }]).catch(() => 'refused');
            const done = await mutable.set(at, entry).then(
              () => 'done',
              () => 'refused',
            );
            expect(done === 'refused').toBe(next === 'refused');
            if (next !== 'refused') expected = next;
          }
          expect(await mutable.write(batch)).toBe(expected);
          for (const file of await listFiles(store, expected))
            expect(await mutable.find(file.path)).toEqual(file);
        }
      }),
      { numRuns: 200 },
    );
  });
});

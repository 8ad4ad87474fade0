import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { openStore, type PlaceInQueue } from '../../src/store/index.js';
import { newStore, storeEnv } from './sandbox.js';

const ref = 'refs/heads/main';

async function opened(
  lockTimeoutMs = 60_000,
): Promise<{ locks: string; place: (name?: string) => PlaceInQueue }> {
  const { dir } = await newStore();
  const { queue } = await openStore({ dir, env: storeEnv, lockTimeoutMs });
  if (queue === undefined) throw new Error('no queue');
  return { locks: join(dir, '.git/cfg/locks'), place: (name = ref) => queue.placeFor(name) };
}

it('who insists is let pass, by those that insist after him too', async () => {
  const { locks, place } = await opened();
  const order: string[] = [];
  const [first, second] = [place(), place()];
  await first.insist();
  const waiting = [
    second.insist().then(() => order.push('second')),
    place()
      .letPass()
      .then(() => order.push('third')),
  ];
  await place('refs/heads/other').letPass();
  await sleep(50);
  order.push('first');
  first.leave();
  await waiting[0];
  second.leave();
  await Promise.all(waiting);
  expect(order.slice(0, 1)).toEqual(['first']);
  expect(order.toSorted()).toEqual(['first', 'second', 'third']);
  expect(readdirSync(locks)).toEqual([]);
});

it('a ticket is kept from one race to the next', async () => {
  const { locks, place } = await opened();
  const own = place();
  await own.insist();
  await own.insist();
  expect(readdirSync(locks)).toHaveLength(1);
  own.leave();
  own.leave();
  expect(readdirSync(locks)).toEqual([]);
});

it('nobody waits for a process that has ended', async () => {
  const { locks, place } = await opened();
  const own = place();
  await own.insist();
  const [name = ''] = readdirSync(locks);
  own.leave();
  const [key, host, machine, boot, namespace, , , unique] = name.split('.');
  const dead = join(locks, [key, host, machine, boot, namespace, 2 ** 22 + 1, 1, unique].join('.'));
  writeFileSync(dead, '');
  await place().letPass();
  expect(existsSync(dead)).toBe(true);
});

it('nor for one that takes longer than is waited for a lock', async () => {
  const { locks, place } = await opened(100);
  await place().insist();
  await place().letPass();
  await place().insist();
  expect(readdirSync(locks)).toHaveLength(2);
});

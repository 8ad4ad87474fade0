/** A third implementation of Git on the same repository: what cfg writes it reads, and the reverse. */
import * as fs from 'node:fs';
import * as isomorphicGit from 'isomorphic-git';
import { expect, it } from 'vitest';
import { emptyFolder, requireSound, type Sandbox } from '../repo/sandbox.js';
import { initRepository } from '../../src/index.js';

const author = 'Ann <ann@example.com>';
const files = { 'a.yaml': 'a: 1\n', 'deep/er/b.json': '{ "b": 2 }\n', 'c ü.ini': 'c = 3\n' };

/** Commits on two branches, their merge, a tag. */
async function history(box: Sandbox): Promise<void> {
  await initRepository({ dir: box.dir, env: box.env });
  const repo = await box.open();
  for (const [path, content] of Object.entries(files)) box.write(path, content);
  await repo.add('all');
  await repo.commit({ message: 'first' });
  const set = (value: number) => [{ path: 'a.yaml', set: { [`k${value}`]: value } }];
  await repo.commitChanges('side', set(1), { message: 'side', author, from: 'main' });
  await repo.commitChanges('main', [{ path: 'deep/er/b.json', set: { b: 3 } }], { message: 'main', author });
  await repo.merge('side');
  await repo.tag({ version: '1.0.0' });
}

/** All that isomorphic-git sees. */
async function seen(dir: string) {
  const log = await isomorphicGit.log({ fs, dir, ref: 'main' });
  const oid = await isomorphicGit.resolveRef({ fs, dir, ref: 'HEAD' });
  const paths = await isomorphicGit.listFiles({ fs, dir, ref: 'main' });
  const blobs = paths.map(async (filepath) => {
    const { blob } = await isomorphicGit.readBlob({ fs, dir, oid, filepath });
    return [filepath, Buffer.from(blob).toString('utf8')] as const;
  });
  const matrix = await isomorphicGit.statusMatrix({ fs, dir });
  return {
    log: log.map(({ oid: commit }) => commit),
    blobs: await Promise.all(blobs),
    tags: await isomorphicGit.listTags({ fs, dir }),
    branches: await isomorphicGit.listBranches({ fs, dir }),
    unclean: matrix.filter(([, ...states]) => states.some((state) => state !== 1)),
  };
}

it.each([
  ['loose', async () => undefined],
  ['packed by cfg', async (box: Sandbox) => (await box.open()).gc()],
  ['packed by git', async (box: Sandbox) => box.git('gc', '-q', '--prune=now')],
])('isomorphic-git reads what cfg wrote: %s', async (_, pack) => {
  const box = emptyFolder();
  await history(box);
  await pack(box);
  const answer = await seen(box.dir);
  expect(answer.log).toEqual(box.git('rev-list', 'HEAD').trim().split('\n'));
  expect(answer.blobs.map(([path]) => path)).toEqual(['a.yaml', 'c ü.ini', 'cfg.yaml', 'deep/er/b.json']);
  for (const [path, content] of answer.blobs) expect(content).toBe(box.read(path));
  expect(answer).toMatchObject({ tags: ['v1.0.0'], branches: ['main', 'side'], unclean: [] });
});

it('cfg goes on from what isomorphic-git wrote', async () => {
  const box = emptyFolder();
  const { dir } = box;
  await isomorphicGit.init({ fs, dir, defaultBranch: 'main' });
  box.write('a.yaml', 'a: 1\n');
  await isomorphicGit.add({ fs, dir, filepath: 'a.yaml' });
  const person = { name: 'Ann', email: 'ann@example.com' };
  const first = await isomorphicGit.commit({ fs, dir, message: 'first', author: person });

  const repo = await box.open();
  expect(await repo.status()).toMatchObject({ branch: 'main', head: first, staged: [], unstaged: [] });
  box.write('a.yaml', 'a: 2\n');
  const { parents } = await repo.commit({ message: 'second', paths: ['a.yaml'] });
  expect(parents).toEqual([first]);
  expect((await isomorphicGit.log({ fs, dir })).map(({ commit }) => commit.message.trim())).toEqual([
    'second',
    'first',
  ]);
  requireSound(box);
});

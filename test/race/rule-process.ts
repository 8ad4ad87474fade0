/**
 * One of several processes at a branch whose protection comes and goes: `node rule-process.ts DIR ROLE`. `commit` and `merge` bring changes
 * into `main` and print what became of each, a commit or the code of an error, until stdin ends; `toggle` raises and lifts the protection a few times.
 */
import { writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { isConfigError } from '../../src/errors.js';
import { openRepository, type Repository } from '../../src/repo/index.js';

const [dir = '', role = ''] = process.argv.slice(2);
const email = `${role}@example.com`;
const env = {
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: role,
  GIT_AUTHOR_EMAIL: email,
  GIT_COMMITTER_NAME: role,
  GIT_COMMITTER_EMAIL: email,
};
const toggles = 7;
process.stdin.resume();

if (role === 'toggle') await toggle();
else
  for (let n = 0; !process.stdin.readableEnded; n += 1) {
    writeSync(1, `${await outcome((repo) => bring(repo, n))}\n`);
    await sleep(Math.random() * 100); // the others move the branch meanwhile, or nobody would ever get through
  }
process.exit();

async function bring(repo: Repository, n: number): Promise<string> {
  const change = { path: `${role}.yaml`, set: { n } };
  if (role === 'commit')
    return (await repo.commitChanges('main', [change], { message: `${role} ${n}` })).commit;
  return viaBranch(repo, change);
}

/** A commit on a branch, and a merge of it, which goes forward where the rules allow that. */
async function viaBranch(
  repo: Repository,
  change: { readonly path: string; readonly set: Readonly<Record<string, string | number>> },
): Promise<string> {
  await repo.createBranch(role, 'main');
  try {
    await repo.commitChanges(role, [change], { message: role });
    return (await repo.merge(role, { into: 'main' })).commit ?? 'conflicts';
  } finally {
    await repo.deleteBranch(role, { force: true });
  }
}

async function toggle(): Promise<void> {
  for (let n = 0; n < toggles; n += 1) {
    const change = {
      path: 'cfg.yaml',
      set: { 'branches.main.protection': n % 2 === 0 ? 'standard' : 'none' },
    };
    const step = (repo: Repository): Promise<string> =>
      n % 2 === 0
        ? repo.commitChanges('main', [change], { message: 'raise' }).then(({ commit }) => commit)
        : viaBranch(repo, change);
    for (let done = ''; done.length !== 40;) {
      done = await outcome(step);
      if (done.length !== 40 && done !== 'E_STALE') throw new Error(`toggle ${n}: ${done}`);
    }
    await sleep(40);
  }
}

async function outcome(run: (repo: Repository) => Promise<string>): Promise<string> {
  try {
    return await run(await openRepository({ dir, env }));
  } catch (error) {
    if (isConfigError(error)) return error.code;
    throw error;
  }
}

/** Repositories in temporary folders, and the real git beside them. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import {
  type Durability,
  formatCommit,
  type Fs,
  initStore,
  objectOid,
  type Oid,
  planTree,
  type RefEdit,
  type RefLog,
  type Signature,
  type Store,
} from '../../src/store/index.js';

/** A folder that is gone when the test ends. Removing the hundred thousand files of a long one may take minutes on a slow disk. */
export function temporaryFolder(): string {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'cfg-store-')));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true, maxRetries: 3 }), 600_000);
  return dir;
}

/** The variables that a store gets in tests: no home, no system file. */
export const storeEnv = { GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' };

const gitEnv = {
  ...process.env,
  ...storeEnv,
  HOME: '/nonexistent',
  GIT_AUTHOR_NAME: 'Ann',
  GIT_AUTHOR_EMAIL: 'ann@example.com',
  GIT_COMMITTER_NAME: 'Ann',
  GIT_COMMITTER_EMAIL: 'ann@example.com',
  GIT_AUTHOR_DATE: '1700000000 +0000',
  GIT_COMMITTER_DATE: '1700000000 +0000',
};

/** Runs git in `dir`; throws when it fails. Output without the last line break. */
export function git(dir: string, ...args: readonly string[]): string {
  return execFileSync('git', args, {
    cwd: dir,
    env: gitEnv,
    encoding: 'utf8',
    stdio: 'pipe',
    maxBuffer: 1e9,
  }).replace(/\n$/, '');
}

/** Like {@link git}, with variables or input. */
export function gitWith(
  dir: string,
  options: {
    readonly env?: Readonly<Record<string, string | undefined>>;
    readonly input?: string | Uint8Array;
  },
  ...args: readonly string[]
): string {
  const { env, input } = options;
  return execFileSync('git', args, {
    cwd: dir,
    env: { ...gitEnv, ...env },
    encoding: 'utf8',
    stdio: 'pipe',
    ...(input === undefined ? {} : { input }),
  }).replace(/\n$/, '');
}

/** Exit code and both outputs of git. */
export function tryGit(
  dir: string,
  ...args: readonly string[]
): { readonly status: number; readonly output: string } {
  const { status, stdout, stderr } = spawnSync('git', args, { cwd: dir, env: gitEnv, encoding: 'utf8' });
  return { status: status ?? -1, output: stdout + stderr };
}

/** What `git fsck --strict` has to say; empty when all is well. */
export function fsck(dir: string): string {
  const { status, output } = tryGit(dir, 'fsck', '--strict', '--full', '--no-dangling', '--no-progress');
  const complaints = output.split('\n').filter((line) => line !== '' && !line.startsWith('notice:'));
  return status === 0 && complaints.length === 0 ? '' : `exit ${status}: ${complaints.join('\n')}`;
}

export function signature(timestamp = 1_700_000_000): Signature {
  return { name: 'Ann', email: 'ann@example.com', timestamp, offsetMinutes: 0 };
}

export const log: RefLog = { committer: signature(), message: 'test' };

export interface NewStoreOptions {
  readonly fs?: Fs;
  readonly durability?: Durability;
  readonly bare?: boolean;
}

export async function newStore(
  options: NewStoreOptions = {},
): Promise<{ readonly dir: string; readonly store: Store }> {
  const dir = temporaryFolder();
  const { store } = await initStore({ dir, env: storeEnv, durability: 'fast', ...options });
  return { dir, store };
}

export interface CommitOptions {
  readonly parents?: readonly Oid[];
  readonly base?: Oid | null;
  readonly files?: Readonly<Record<string, string | null>>;
  readonly timestamp?: number;
  readonly message?: string;
}

/** Writes a commit (no ref is moved) with these files on top of the tree `base`. */
export async function writeCommit(
  store: Store,
  options: CommitOptions = {},
): Promise<{ readonly oid: Oid; readonly tree: Oid }> {
  const { parents = [], base = null, files = {}, timestamp, message = 'test' } = options;
  const blobs = Object.entries(files).map(([path, text]) => ({
    path,
    data: text === null ? null : Buffer.from(text),
  }));
  const planned = await planTree(
    store,
    base,
    blobs.map(({ path, data }) => ({
      path,
      entry: data === null ? null : { mode: '100644', oid: objectOid('blob', data) },
    })),
  );
  const data = formatCommit({
    tree: planned.tree,
    parents,
    author: signature(timestamp),
    committer: signature(timestamp),
    message,
  });
  await store.objects.write([
    ...blobs.flatMap((blob) => (blob.data === null ? [] : [{ type: 'blob' as const, data: blob.data }])),
    ...planned.objects,
    { type: 'commit', data },
  ]);
  return { oid: objectOid('commit', data), tree: planned.tree };
}

/** One edit of a ref. */
export async function setRef(
  store: Store,
  name: string,
  value: RefEdit['value'],
  expected?: Oid | null,
): Promise<void> {
  await store.refs.update([{ name, value, ...(expected === undefined ? {} : { expected }) }], log);
}

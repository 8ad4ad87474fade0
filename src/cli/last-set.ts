import { isConfigError } from '../errors.js';
import type { ConfigValue } from '../doc/index.js';
import type { Explanation } from '../load/index.js';
import type { Repository } from '../repo/index.js';
import type { Session } from './session.js';

/** The commit that last set a value; all null where no commit has it (changed since, a variable, no repository). */
export interface LastSet {
  readonly commit: string | null;
  /** `Name <email>`. */
  readonly author: string | null;
  /** RFC 3339. */
  readonly date: string | null;
}

const nobody: LastSet = { commit: null, author: null, date: null };

export interface SetQuestion {
  /** The key path in text form. */
  readonly path: string;
  readonly origin: Explanation['from'];
  readonly revision: string | undefined;
}

/** Who last set the value that stands at `origin`, at a revision or in the worktree. */
export async function lastSet(session: Session, { path, origin, revision }: SetQuestion): Promise<LastSet> {
  if (origin.file === undefined) return nobody;
  const repo = await openIfAny(session);
  if (repo === undefined) return nobody;
  const address = `${origin.file}#${path}`;
  const start = revision ?? 'HEAD';
  if (revision === undefined && (await uncommitted(repo, address))) return nobody;
  const { commits } = await repo.log({ revision: start, addresses: [address], limit: 1 });
  const [last] = commits;
  if (last === undefined) return nobody;
  const { name, email, date } = last.author;
  return { commit: last.commit, author: `${name} <${email}>`, date };
}

async function openIfAny(session: Session): Promise<Repository | undefined> {
  try {
    const repo = await session.open();
    // The file is named from the root of the worktree, and a repository takes paths from where it was opened.
    return repo.root === undefined ? repo : await session.open(repo.root);
  } catch (error) {
    if (isConfigError(error, 'E_NOT_A_REPOSITORY')) return undefined;
    throw error;
  }
}

/** Whether the value in the worktree is another than in HEAD. */
async function uncommitted(repo: Repository, address: string): Promise<boolean> {
  const { equalValues } = await import('../doc/index.js');
  const [now, committed] = [await valueAt(repo, address), await valueAt(repo, `HEAD:${address}`)];
  return now === undefined || committed === undefined || !equalValues(now, committed);
}

async function valueAt(repo: Repository, address: string): Promise<ConfigValue | undefined> {
  try {
    return (await repo.get(address)).value;
  } catch (error) {
    if (isConfigError(error, 'E_KEY_NOT_FOUND', 'E_FILE_NOT_FOUND', 'E_REVISION_NOT_FOUND', 'E_INVALID'))
      return undefined;
    throw error;
  }
}

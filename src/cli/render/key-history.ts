import type { Change } from '../../diff/index.js';
import type { ConfigValue } from '../../doc/index.js';
import type { KeyChange, KeyCommitInfo, LogAnswer } from '../../repo/index.js';

/** By commit: what changed inside of a map or list whose history was asked for. */
export type InnerChanges = ReadonlyMap<string, readonly KeyChange[]>;

/** What each commit changed inside of the key; nothing for those that changed it as a whole, such as a scalar. */
export async function innerChanges({ commits }: LogAnswer): Promise<InnerChanges> {
  const collections = commits.filter(isInside);
  if (collections.length === 0) return new Map();
  const [{ diffValues }, { formatKeyPath }] = await Promise.all([
    import('../../diff/index.js'),
    import('../../doc/index.js'),
  ]);
  const plainChange = ({ path, kind, from, before, after }: Change): KeyChange => ({
    path: formatKeyPath(path),
    kind,
    ...(from !== undefined && { from: formatKeyPath(from) }),
    ...(before !== undefined && { before }),
    ...(after !== undefined && { after }),
  });
  return new Map(
    collections.map(({ commit, before, after }) => [commit, diffValues(before, after).map(plainChange)]),
  );
}

type Collections = KeyCommitInfo & { readonly before: ConfigValue; readonly after: ConfigValue };

function isInside(commit: LogAnswer['commits'][number]): commit is Collections {
  if (!('before' in commit) || !('after' in commit)) return false;
  const { before, after } = commit;
  return isCollection(before) && isCollection(after) && Array.isArray(before) === Array.isArray(after);
}

function isCollection(value: ConfigValue | undefined): boolean {
  return typeof value === 'object' && value !== null;
}

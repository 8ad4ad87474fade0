import { formatAddress, parseKeyPath } from '../doc/index.js';
import type { Choices, ConflictChoice } from '../merge/index.js';
import type { Oid, RepoPath } from '../store/index.js';
import type { RepositoryContext } from './context.js';
import { FileHistory } from './file-history.js';
import { walkSubject } from './history.js';
import { readLimits, subjectOf } from './log-limits.js';
import { strategyAt, type MergeRulesOfTrees } from './merge-file.js';
import type { Resolver } from './repository.js';
import type { MergeConflict } from './types.js';

export interface OpenConflicts {
  readonly conflicts: readonly MergeConflict[];
  readonly rules: MergeRulesOfTrees;
  readonly resolver?: Resolver | undefined;
  readonly tips: Tips;
}

interface Tips {
  readonly ours: Oid;
  readonly theirs: Oid;
  readonly bases: readonly Oid[];
}

/** Decides, where their strategy says so, conflicts that a merge of the file alone cannot: by history (`newest`) or by the caller (`custom`). */
export async function decideOpen(
  context: RepositoryContext,
  { conflicts, rules, resolver, tips }: OpenConflicts,
): Promise<ReadonlyMap<RepoPath, Choices>> {
  const decided = new Map<RepoPath, Map<string, ConflictChoice>>();
  for (const conflict of conflicts) {
    const strategy = strategyAt(rules, conflict.file, parseKeyPath(conflict.path));
    const choice =
      strategy === 'newest'
        ? await newerSide(context, conflict, tips)
        : strategy === 'custom'
          ? await custom(conflict, resolver)
          : undefined;
    if (choice === undefined) continue;
    const choices = decided.get(conflict.file) ?? new Map<string, ConflictChoice>();
    decided.set(conflict.file, choices.set(conflict.path, choice));
  }
  return decided;
}

async function custom(
  conflict: MergeConflict,
  resolver: Resolver | undefined,
): Promise<ConflictChoice | undefined> {
  const value = await resolver?.(conflict);
  return value === undefined ? undefined : { value };
}

/** The side whose last commit that changed this key (or file) is younger; undefined when they are of the same second. */
async function newerSide(
  context: RepositoryContext,
  conflict: MergeConflict,
  tips: Tips,
): Promise<'ours' | 'theirs' | undefined> {
  const [ours, theirs] = [
    await lastChange(context, conflict, { tip: tips.ours, hide: tips.bases }),
    await lastChange(context, conflict, { tip: tips.theirs, hide: tips.bases }),
  ];
  if (ours === undefined || theirs === undefined || ours === theirs) return undefined;
  return ours > theirs ? 'ours' : 'theirs';
}

/** When a side last changed what is in conflict, in seconds; undefined when its history does not tell. */
async function lastChange(
  context: RepositoryContext,
  { file, path }: MergeConflict,
  { tip, hide }: { readonly tip: Oid; readonly hide: readonly Oid[] },
): Promise<number | undefined> {
  const address = path === '' ? { file } : { file, path: parseKeyPath(path) };
  const { limits } = readLimits({ ...context, prefix: '' }, { addresses: [formatAddress(address)] });
  const files = await FileHistory.open(context.store);
  const subject = await subjectOf(files, limits);
  if (subject === undefined) return undefined;
  const walk = walkSubject(context.store, { starts: [tip], hide, graph: files.graph, subject });
  for await (const { commit } of walk) return commit.committer.timestamp;
  return undefined;
}

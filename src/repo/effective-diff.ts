import { ConfigError, isConfigError } from '../errors.js';
import { diffValues, keyChange } from '../diff/index.js';
import { loadStack, maskChange, type Config } from '../load/index.js';
import { combinations, type Settings, type Stack, type Variables } from '../settings/index.js';
import { resolveCommit, type Oid } from '../store/index.js';
import type { RepositoryContext } from './context.js';
import { draftOf } from './draft.js';
import { loadAnswers } from './gate-stacks.js';
import { readHead, treeOf } from './head.js';
import type { EffectiveDiffOptions } from './repository.js';
import { settingsOfTree } from './settings.js';
import { worktreeTree } from './snapshot.js';
import { filesOfTree } from './tree-files.js';
import type { EffectiveDiffAnswer } from './types.js';

interface Side {
  readonly tree: Oid | null;
  readonly settings: Settings;
}

/**
 * What a change really does: the merged configurations of both sides compared, for every stack and combination of its `matrix` that
 * differs. Without a revision HEAD against the worktree; with one that against the worktree; with two against each other. A stack that
 * one side does not have is null there; one that does not load is a failure. Neither the environment nor a server or database is read.
 * Throws E_REVISION_NOT_FOUND, E_USAGE (no such stack).
 */
export async function effectiveDiff(
  context: RepositoryContext,
  options: EffectiveDiffOptions = {},
): Promise<EffectiveDiffAnswer> {
  const { store } = draftOf(context.store);
  const drafted = { ...context, store };
  const { revisions: [first, second] = [], stack: name, variables = {}, mask = false } = options;
  const before = await sideOf(drafted, await treeAt(drafted, first ?? 'HEAD', first === undefined));
  const after = await sideOf(
    drafted,
    second === undefined ? await worktreeTree(drafted, store) : await treeAt(drafted, second, false),
  );
  const stacks: EffectiveDiffAnswer['stacks'][number][] = [];
  for (const stack of stacksOf(before, after, name))
    for (const combination of combinations(stack).filter((one) => agrees(one, variables))) {
      const all = { ...combination, ...variables };
      const [old, now] = [
        await configOf(drafted, before, { stack, all }),
        await configOf(drafted, after, { stack, all }),
      ];
      const found = comparison(old, now, mask);
      if (found.changes.length > 0 || found.failure !== undefined)
        stacks.push({ stack: stack.name, variables: all, ...found });
    }
  return { stacks };
}

type Compared = Pick<EffectiveDiffAnswer['stacks'][number], 'changes' | 'failure'>;

function comparison(old: Loaded, now: Loaded, mask: boolean): Compared {
  const before = old instanceof ConfigError ? old.message : undefined;
  if (now instanceof ConfigError) {
    const { message } = now;
    return { changes: [], failure: { side: 'after', message, ...(before !== undefined && { before }) } };
  }
  if (old instanceof ConfigError) return { changes: [], failure: { side: 'before', message: old.message } };
  const found = diffValues(old?.value ?? null, now?.value ?? null).map(keyChange);
  const sides = mask ? [old, now].filter((side) => side !== undefined) : [];
  return { changes: found.map((change) => maskChange(change, sides)) };
}

async function treeAt(
  { store }: RepositoryContext,
  revision: string,
  mayBeUnborn: boolean,
): Promise<Oid | null> {
  if (mayBeUnborn && (await readHead(store)).commit === null) return null;
  return treeOf(store, await resolveCommit(store, revision));
}

async function sideOf(context: RepositoryContext, tree: Oid | null): Promise<Side> {
  return { tree, settings: await settingsOfTree(context, tree) };
}

/** The stacks of both sides, as the later one has them; sorted by name. */
function stacksOf(before: Side, after: Side, name: string | undefined): readonly Stack[] {
  const all = new Map([...before.settings.stacks, ...after.settings.stacks]);
  if (name !== undefined && !all.has(name))
    throw new ConfigError('E_USAGE', `cfg.yaml has no stack '${name}'`, {
      hint: `its stacks: ${[...all.keys()].join(', ')}`,
    });
  const wanted = [...all.values()].filter((stack) => name === undefined || stack.name === name);
  return wanted.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function agrees(combination: Variables, wanted: Variables): boolean {
  return Object.entries(wanted).every(([key, value]) => (combination[key] ?? value) === value);
}

/** A configuration, why there is none, or undefined where the side has no such stack. */
type Loaded = Config | ConfigError | undefined;

async function configOf(
  { store }: RepositoryContext,
  { tree, settings }: Side,
  { stack, all }: { readonly stack: Stack; readonly all: Variables },
): Promise<Loaded> {
  if (!settings.stacks.has(stack.name)) return undefined;
  const options = { stack: stack.name, variables: all, remote: false };
  try {
    return await loadStack(filesOfTree(store, tree), settings, options);
  } catch (error) {
    if (isConfigError(error, ...loadAnswers)) return error;
    throw error;
  }
}

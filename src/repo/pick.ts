import { ConfigError } from '../errors.js';
import type { Protection } from '../policy/index.js';
import { readCommit, resolveCommit, writeTree, type Commit, type Oid } from '../store/index.js';
import { checkedOut, type RepositoryContext } from './context.js';
import { draftOf, type Draft } from './draft.js';
import { requireValid } from './gate.js';
import { readHead, treeOf } from './head.js';
import { notesOf, planTrees, type PlannedTrees } from './merge-plan.js';
import { refuseWhileMerging } from './merge-state.js';
import { applyConflicts } from './merge-stop.js';
import { subjectOf } from './message.js';
import { writePickState, type PickVerb } from './pick-state.js';
import { governingSettings, protectionAt, requireAllowed, requireSigned } from './protection.js';
import type { PickOptions } from './repository.js';
import { withCheckout } from './switch.js';
import type { PickAnswer } from './types.js';
import { writeCommit, type NewCommit } from './write-commit.js';

/** One commit on its way onto the current branch, or off it. */
interface Pick {
  readonly verb: PickVerb;
  readonly oid: Oid;
  readonly commit: Commit;
  /** The parent whose difference to the commit counts; undefined for a first commit. */
  readonly parent: Oid | undefined;
  /** Where the branch is. */
  readonly tip: Oid;
  readonly ref: string;
  readonly branch: string | null;
  readonly protection: Protection;
  readonly draft: Draft;
  readonly options: PickOptions;
}

/**
 * Makes a new commit of what one commit changed (`cherry-pick`, its author kept) or of the contrary (`revert`), by the same merge as
 * any: its parent is the base of a pick, the commit itself that of a revert. Conflicts are an answer, and wait as in a merge.
 * Throws E_NOTHING_TO_DO, E_PROTECTED, E_GATE, E_LOCAL_CHANGES, E_MERGE_IN_PROGRESS, E_REVISION_NOT_FOUND, E_STALE, E_USAGE
 * (a merge without `mainline`, a bare repository), E_NO_IDENTITY.
 */
export async function pick(
  context: RepositoryContext,
  revision: string,
  { verb, ...options }: PickOptions & { readonly verb: PickVerb },
): Promise<PickAnswer> {
  checkedOut(context, verb);
  await refuseWhileMerging(context, verb);
  const { commit: tip, branch, ref } = await readHead(context.store);
  const oid = await resolveCommit(context.store, revision);
  if (tip === null) throw new ConfigError('E_NOTHING_TO_DO', `cannot ${verb}: the branch has no commit yet`);
  const protection = await protectionAt(context, branch, tip);
  requireAllowed({ protection, branch, action: 'commit' });
  const commit = await readCommit(context.store, oid);
  const parent = mainlineParent(commit, revision, options.mainline);
  const draft = draftOf(context.store);
  const step: Pick = { verb, oid, commit, parent, tip, ref, branch, protection, draft, options };
  const plan = await planPick(context, step);
  const { conflicts, files } = plan;
  const answer = { conflicts, files, ...notesOf(plan) };
  if (conflicts.length === 0) return { commit: await record(context, step, plan), ...answer };
  await stop(context, step, plan);
  return answer;
}

/** git: Documentation/git-cherry-pick "--mainline": parents count from 1. */
function mainlineParent(
  { parents }: Commit,
  revision: string,
  mainline: number | undefined,
): Oid | undefined {
  if (parents.length < 2 && (mainline === undefined || mainline === 1)) return parents[0];
  const parent = parents[(mainline ?? 0) - 1];
  if (parent !== undefined) return parent;
  const many = parents.length;
  throw new ConfigError(
    'E_USAGE',
    mainline === undefined
      ? `'${revision}' is a merge: which of its ${many} parents is it compared with?`
      : `'${revision}' has ${many} ${many === 1 ? 'parent' : 'parents'}, no parent ${mainline}`,
    {
      hint:
        many > 1
          ? 'say it with -m N; 1 is the branch that was merged into'
          : 'only a merge has several: leave out -m',
    },
  );
}

async function planPick(context: RepositoryContext, step: Pick): Promise<PlannedTrees> {
  const { verb, oid, commit, parent, tip, draft } = step;
  const { store } = draft;
  const parentTree = parent === undefined ? null : await treeOf(store, parent);
  const isRevert = verb === 'revert';
  const trees = {
    base: isRevert ? commit.tree : parentTree,
    ours: await treeOf(store, tip),
    theirs: isRevert ? (parentTree ?? (await writeTree(store, null, []))) : commit.tree,
  };
  const name = nameOf(step);
  const [base, theirs] = isRevert ? [name, `parent of ${name}`] : [`parent of ${name}`, name];
  const labels = { base, ours: step.branch ?? 'HEAD', theirs };
  const settings = await governingSettings(context, tip);
  const rules = { settings, labels, strategy: step.options.strategy };
  const tips = {
    ours: tip,
    theirs: isRevert ? (parent ?? oid) : oid,
    bases: parent === undefined ? [] : [parent],
  };
  const plan = await planTrees(context, { store, rules, trees, tips });
  if (plan.conflicts.length === 0 && plan.merged.tree === trees.ours) throw nothing(step);
  return plan;
}

/** As git labels it. */
function nameOf({ oid, commit }: Pick): string {
  return `${oid.slice(0, 7)} (${subjectOf(commit.message)})`;
}

function nothing({ verb, oid, branch }: Pick): ConfigError {
  const [where, what] = [`'${branch ?? 'HEAD'}'`, `changes of '${oid.slice(0, 7)}'`];
  return new ConfigError(
    'E_NOTHING_TO_DO',
    verb === 'cherry-pick' ? `${where} has the ${what} already` : `${where} has nothing left of the ${what}`,
    { hint: `see what it changed: cfg show ${oid.slice(0, 7)}` },
  );
}

async function record(context: RepositoryContext, step: Pick, plan: PlannedTrees): Promise<Oid> {
  const { verb, tip, ref, draft, commit } = step;
  const { tree, patches } = plan.merged;
  await requireValid({ ...context, store: draft.store }, { tree, changes: patches });
  const author = verb === 'cherry-pick' ? commit.author : undefined;
  const message = messageOf(step);
  const { sign } = step.options;
  const made = await writeCommit(context, draft.store, { tree, parents: [tip], message, author, sign });
  await requireSigned(
    { ...context, store: draft.store },
    { protection: step.protection, branch: step.branch, tip: made.commit, exclude: [tip] },
  );
  await draft.publish([made.commit]);
  const edits = [{ name: ref, expected: tip, value: made.commit }];
  const log = { committer: made.committer, message: logOf(verb, made) };
  const from = await treeOf(context.store, tip);
  await withCheckout(context, { from, to: tree }, () => context.store.refs.update(edits, log));
  return made.commit;
}

function logOf(verb: PickVerb, { message }: NewCommit): string {
  return `${verb}: ${subjectOf(message)}`;
}

/** git: sequencer.c do_pick_commit. */
function messageOf({ verb, oid, commit, parent, options }: Pick): string {
  if (options.message !== undefined) return options.message;
  if (verb === 'cherry-pick') return commit.message;
  const merged =
    commit.parents.length > 1 && parent !== undefined ? `, reversing\nchanges made to ${parent}` : '';
  return `Revert "${subjectOf(commit.message)}"\n\nThis reverts commit ${oid}${merged}.\n`;
}

async function stop(context: RepositoryContext, step: Pick, plan: PlannedTrees): Promise<void> {
  const { verb, oid, tip, draft, options } = step;
  await applyConflicts(
    context,
    {
      draft,
      ours: tip,
      head: oid,
      label: oid.slice(0, 7),
      message: messageOf(step),
      strategy: options.strategy,
      writeState: (state) => writePickState(context, verb, state),
    },
    plan,
  );
}

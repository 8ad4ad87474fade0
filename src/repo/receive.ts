import { decide, isAsStrong, judgesSteps, needsMergeCommit, type Reason } from '../policy/index.js';
import { parseTagName } from '../version/index.js';
import { isAncestor, walkCommits, type Commit, type Oid, type Ref, type Store } from '../store/index.js';
import { approvalOf, approvalsPrefix } from './approvals.js';
import { tagPrefix } from './commit-info.js';
import type { RepositoryContext } from './context.js';
import { branchRef, branchTip, followRef, readHead } from './head.js';
import { governingSettings, protectionAt, settingsWarnings } from './protection.js';
import type { PushedRef } from './repository.js';
import { CommitSignatures, signatureOf } from './signatures.js';
import type { PushVerdict, RefusedRef } from './types.js';
import { StepJudge } from './verify-branch.js';

const replacePrefix = 'refs/replace/';

/**
 * Whether a push keeps to the rules of every branch it changes, to what a version is, and to what an approval is. Reads the new objects
 * where the push has them in quarantine; changes nothing. Throws E_OBJECT_MISSING, E_CORRUPT.
 */
export async function judgePush(
  context: RepositoryContext,
  updates: readonly PushedRef[],
): Promise<PushVerdict> {
  const approvals = updates.filter(({ ref }) => ref.startsWith(approvalsPrefix));
  const inner = { ...context, store: withRefs(context.store, approvals) };
  const refused: RefusedRef[] = [];
  // branches that are there come first: a new one may begin at what they get in the same push
  const ordered = updates.toSorted((a, b) => Number(a.before === null) - Number(b.before === null));
  const grown: Oid[] = [];
  for (const update of ordered) {
    const reasons = await reasonsAgainst(inner, update, grown);
    refused.push(...reasons.map((reason) => ({ ref: update.ref, ...reason })));
    if (reasons.length === 0 && update.after !== null && (await isTrusted(inner, update.ref)))
      grown.push(update.after);
  }
  const warnings = await warningsAbout(inner, updates);
  return {
    accepted: refused.length === 0,
    refused: refused.toSorted((a, b) => (a.ref < b.ref ? -1 : 1)),
    ...(warnings.length > 0 && { warnings }),
  };
}

async function warningsAbout(
  context: RepositoryContext,
  updates: readonly PushedRef[],
): Promise<readonly string[]> {
  const warnings: string[] = [];
  for (const { ref, after } of updates)
    if (after !== null && ref.startsWith(branchRef('')))
      warnings.push(...(await settingsWarnings(context, ref.slice(branchRef('').length), after)));
  return warnings;
}

/** The store with refs as they would be: an approval counts for a merge that comes with it. */
function withRefs(store: Store, updates: readonly PushedRef[]): Store {
  const added = updates.flatMap(({ ref, after }): Ref[] =>
    after === null ? [] : [{ name: ref, oid: after }],
  );
  const names = new Set(added.map(({ name }) => name));
  const { refs } = store;
  return {
    ...store,
    refs: {
      read: (name) => added.find((ref) => ref.name === name) ?? refs.read(name),
      list: async (prefix) => [
        ...(await refs.list(prefix)).filter(({ name }) => !names.has(name)),
        ...added.filter(({ name }) => name.startsWith(prefix)),
      ],
      reflog: (name) => refs.reflog(name),
      update: (edits, log) => refs.update(edits, log),
    },
  };
}

async function reasonsAgainst(
  context: RepositoryContext,
  update: PushedRef,
  grown: readonly Oid[],
): Promise<readonly Reason[]> {
  const { name: ref } = await followRef(context.store, update.ref);
  const real = { ...update, ref };
  if (ref.startsWith(branchRef(''))) return againstBranch(context, real, grown);
  if (ref.startsWith(tagPrefix)) return againstTag(real);
  if (ref.startsWith(replacePrefix)) return againstReplacement(real);
  return ref.startsWith(approvalsPrefix) ? againstApproval(context, real) : [];
}

async function againstBranch(
  context: RepositoryContext,
  { ref, before, after }: PushedRef,
  grown: readonly Oid[],
): Promise<readonly Reason[]> {
  const branch = ref.slice(branchRef('').length);
  const tip = before ?? (await branchTip(context.store, branch));
  if (tip === null) return after === null ? [] : againstNew(context, { branch, start: after, grown });
  const protection = await protectionAt(context, branch, tip);
  if (after === null) return decide(protection, 'delete', { branch }).reasons;
  if (!(await isAncestor(context.store, tip, after)))
    return decide(protection, 'rewrite', { branch }).reasons;
  const judge = new StepJudge(context, branch);
  const reasons: Reason[] = [];
  let oldest: Commit | undefined;
  for await (const step of walkCommits(context.store, [after], { firstParent: true, exclude: [tip] })) {
    reasons.push(...(await judge.reasonsAgainst(step)));
    oldest = step.commit;
  }
  if (oldest === undefined || oldest.parents[0] === tip) return unique(reasons);
  // the branch was merged into something else, which would take its place
  const signatures = await judge.signatureReasons(protection, { tip: after, before: tip });
  return unique([...decide(protection, 'commit', { branch }).reasons, ...reasons, ...signatures]);
}

/** The rules for a branch that is not there yet are those of the branch that HEAD names; the new one may say anything. */
async function againstNew(
  context: RepositoryContext,
  { branch, start, grown }: { readonly branch: string; readonly start: Oid; readonly grown: readonly Oid[] },
): Promise<readonly Reason[]> {
  const { store } = context;
  const head = await readHead(store);
  if (head.commit === null) return [];
  const protection = await protectionAt(context, branch, head.commit);
  if (!judgesSteps(protection)) return [];
  const tips = new Set([head.commit, ...grown]);
  for (const { name } of await store.refs.list(branchRef('')))
    if (await isTrusted(context, name))
      tips.add((await branchTip(store, name.slice(branchRef('').length))) ?? start);
  let inside = false;
  for (const tip of tips) inside ||= await isAncestor(store, start, tip);
  const unsigned =
    protection.signed === true
      ? await new CommitSignatures(context).missing({ tips: [start], exclude: [...tips] })
      : undefined;
  const guarded = isAsStrong(await protectionAt(context, branch, start), protection);
  return decide(protection, 'create', { branch, inside, guarded, ...(unsigned && { unsigned }) }).reasons;
}

/**
 * Whether what is on a branch may begin others: it is the default one, or takes merges only, and not just by its own word, which anybody
 * may push.
 */
async function isTrusted(context: RepositoryContext, ref: string): Promise<boolean> {
  if (!ref.startsWith(branchRef(''))) return false;
  const branch = ref.slice(branchRef('').length);
  const tip = await branchTip(context.store, branch);
  if (tip === null) return false;
  const head = await readHead(context.store);
  if (head.branch === branch) return true;
  for (const commit of [head.commit, tip])
    if (!needsMergeCommit((await protectionAt(context, branch, commit)).level)) return false;
  return true;
}

/** Whoever reads the repository on the server with git would get the other object (git: Documentation/git-replace). */
function againstReplacement({ ref, after }: PushedRef): readonly Reason[] {
  if (after === null) return [];
  return [
    {
      rule: 'replacement',
      message: `'${ref}' would put another object in the place of one that is there`,
      hint: 'commit the change instead',
    },
  ];
}

function againstTag({ ref, before }: PushedRef): readonly Reason[] {
  const tag = ref.slice(tagPrefix.length);
  if (before === null || parseTagName(tag) === undefined) return [];
  return [
    {
      rule: 'version',
      message: `version '${tag}' exists already; a version never moves and never goes`,
      hint: 'take the next one: cfg tag --bump auto',
    },
  ];
}

/** Approvals are only ever added, each under its own name; where a branch asks for signed ones, no other is taken. */
async function againstApproval(
  context: RepositoryContext,
  { ref, before, after }: PushedRef,
): Promise<readonly Reason[]> {
  if (before !== null)
    return [
      {
        rule: 'approval',
        message: `'${ref}' is an approval: it is neither changed nor taken back`,
        hint: 'approve again, or commit something else',
      },
    ];
  if (after === null) return [];
  if ((await approvalOf(context.store, { name: ref, oid: after })) !== undefined)
    return againstSignature(context, { ref, after });
  return [
    {
      rule: 'approval',
      message: `'${ref}' does not hold the approval that it is named as`,
      hint: "make it with 'cfg approve REV' and push refs/cfg/approvals/ as they are",
    },
  ];
}

/** The rules are those of the branch that HEAD names: an approval is of a commit, which may go to any branch. */
async function againstSignature(
  context: RepositoryContext,
  { ref, after }: { readonly ref: string; readonly after: Oid },
): Promise<readonly Reason[]> {
  const { commit } = await readHead(context.store);
  const { branches } = await governingSettings(context, commit);
  if (!branches.some(({ signedApprovals }) => signedApprovals === true)) return [];
  const signature = await signatureOf(context, after, 'approval');
  if (signature?.status === 'good') return [];
  return [
    {
      rule: 'approval',
      message: `'${ref}' is not signed by an allowed signer (${signature?.reason ?? 'not signed'})`,
      hint: 'approve with your key: cfg approve REV -S',
    },
  ];
}

function unique(reasons: readonly Reason[]): readonly Reason[] {
  return [...new Map(reasons.map((reason) => [reason.message, reason])).values()];
}

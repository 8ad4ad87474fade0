import { isConfigError } from '../errors.js';
import {
  decide,
  decideSigned,
  judgesSteps,
  needsMergeCommit,
  type Protection,
  type Reason,
} from '../policy/index.js';
import type { Settings } from '../settings/index.js';
import {
  diffTrees,
  findFile,
  isAncestor,
  listFiles,
  walkCommits,
  type Commit,
  type FileEntry,
  type Oid,
  type Store,
} from '../store/index.js';
import type { RepositoryContext } from './context.js';
import { problemsOf } from './gate.js';
import { stackProblems } from './gate-stacks.js';
import { treeOf } from './head.js';
import { protectionAt } from './protection.js';
import { settingsOfTree, settingsPath } from './settings.js';
import { CommitSignatures } from './signatures.js';
import { strictFacts } from './strict-facts.js';

/** A commit that broke a rule. */
export interface Violation extends Reason {
  readonly commit: Oid;
}

interface BranchToVerify {
  readonly branch: string;
  readonly tip: Oid;
  /** Commits up to this one are taken for good. */
  readonly since: Oid | undefined;
}

/**
 * What the first-parent history of a branch has that its protection did not allow, newest first. Each step is judged by the settings of the
 * commit before it, so a commit that lifts the protection is itself judged by it; the first commit is always allowed.
 */
export async function branchViolations(
  context: RepositoryContext,
  { branch, tip, since }: BranchToVerify,
): Promise<readonly Violation[]> {
  const judge = new StepJudge(context, branch);
  const violations: Violation[] = [];
  const options = { firstParent: true, ...(since !== undefined && { exclude: [since] }) };
  for await (const step of walkCommits(context.store, [tip], options)) {
    const reasons = await judge.reasonsAgainst(step);
    violations.push(...reasons.map((reason) => ({ commit: step.oid, ...reason })));
  }
  if (since === undefined || (await isAncestor(context.store, since, tip))) return violations;
  const { reasons } = decide(await protectionAt(context, branch, since), 'rewrite', { branch });
  return [...violations, ...reasons.map((reason) => ({ commit: tip, ...reason }))];
}

/** A commit of the history of a branch. */
export interface Step {
  readonly oid: Oid;
  readonly commit: Commit;
}

/** Judges single steps of the first-parent history of one branch. */
export class StepJudge {
  private readonly context: RepositoryContext;
  private readonly branch: string;
  private readonly checker: TreeChecker;

  constructor(context: RepositoryContext, branch: string) {
    this.context = context;
    this.branch = branch;
    this.checker = new TreeChecker(context);
  }

  /** What the settings of the commit before have against a step; nothing for a first commit. */
  async reasonsAgainst({ oid, commit: { tree, parents } }: Step): Promise<readonly Reason[]> {
    const { branch, context } = this;
    const [before, ...heads] = parents;
    if (before === undefined) return [];
    const protection = await protectionAt(context, branch, before);
    if (!judgesSteps(protection)) return [];
    if (heads.length === 0) {
      const signatures = await this.signatureReasons(protection, { tip: oid, before });
      return [...decide(protection, 'commit', { branch }).reasons, ...signatures];
    }
    const facts = await strictFacts(context, { protection, tip: before, heads, tree, made: oid });
    const problems = needsMergeCommit(protection.level) ? await this.checker.countProblems(before, tree) : 0;
    const head = heads.map(short).join(', ');
    const { reasons } = decide(protection, 'merge', { branch, head, ...facts, problems });
    return heads.length === 1 ? reasons : reasons.map((reason) => ({ ...reason, hint: oneByOne }));
  }

  /** What a rule has against the signatures of all commits that lead to one and not to another. */
  async signatureReasons(
    protection: Protection,
    { tip, before }: { readonly tip: Oid; readonly before: Oid },
  ): Promise<readonly Reason[]> {
    if (protection.signed !== true) return [];
    const unsigned = await new CommitSignatures(this.context).missing({ tips: [tip], exclude: [before] });
    return decideSigned(protection, { branch: this.branch, unsigned }).reasons;
  }
}

/** What can be done about one head cannot be done about several at once. */
const oneByOne = 'merge one branch at a time: cfg merge BRANCH';

function short(oid: Oid): string {
  return oid.slice(0, 7);
}

/** Counts the problems of successive trees, looking at each file once for as long as it, the settings and the schemas stay the same. */
class TreeChecker {
  private readonly context: RepositoryContext;
  private readonly known = new Map<string, number>();

  constructor(context: RepositoryContext) {
    this.context = context;
  }

  /** Of all files, and of the stacks that the step from `before` touches. */
  async countProblems(before: Oid, tree: Oid): Promise<number> {
    const { store } = this.context;
    const settings = await this.settingsOf(tree);
    if (settings === undefined) return 1;
    const changes = await diffTrees(store, await treeOf(store, before), tree);
    const changed = new Set(changes.map(({ path }) => path));
    const stacks = settings.stacks.size === 0 ? [] : await stackProblems(store, { tree, settings, changed });
    return (await this.countInFiles(tree, settings)) + stacks.length;
  }

  private async countInFiles(tree: Oid, settings: Settings): Promise<number> {
    const { store } = this.context;
    const rules = await rulesKey(store, tree, settings);
    const keyOf = (entry: FileEntry): string => `${rules} ${entry.mode} ${entry.oid} ${entry.path}`;
    const entries = await listFiles(store, tree);
    const unknown = entries.filter((entry) => !this.known.has(keyOf(entry)));
    for (const entry of unknown) this.known.set(keyOf(entry), 0);
    const paths = new Map(unknown.map((entry) => [entry.path, keyOf(entry)]));
    for (const { file } of await problemsOf(store, { tree, entries: unknown, settings })) {
      const key = paths.get(file) ?? '';
      this.known.set(key, (this.known.get(key) ?? 0) + 1);
    }
    return entries.reduce((sum, entry) => sum + (this.known.get(keyOf(entry)) ?? 0), 0);
  }

  /** Undefined: `cfg.yaml` is broken, which is a problem of its own. */
  private async settingsOf(tree: Oid): Promise<Settings | undefined> {
    try {
      return await settingsOfTree(this.context, tree);
    } catch (error) {
      if (isConfigError(error, 'E_SETTINGS', 'E_INVALID')) return undefined;
      throw error;
    }
  }
}

/** What decides, besides a file itself, whether it is valid. */
async function rulesKey(store: Store, tree: Oid, settings: Settings): Promise<string> {
  const paths = [settingsPath, ...settings.schemas.map(({ schema }) => schema)];
  const oids: string[] = [];
  for (const path of paths) oids.push((await findFile(store, tree, path))?.oid ?? '-');
  return oids.join(' ');
}

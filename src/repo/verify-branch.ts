import { isConfigError } from '../errors.js';
import { decide, needsMergeCommit, protectionOf, type Decision } from '../policy/index.js';
import type { Settings } from '../settings/index.js';
import { findFile, listFiles, walkCommits, type FileEntry, type Oid, type Store } from '../store/index.js';
import type { RepositoryContext } from './context.js';
import { problemsOf } from './gate.js';
import type { Visited } from './history.js';
import { governingSettings } from './protection.js';
import { settingsOfTree, settingsPath } from './settings.js';
import { strictFacts } from './strict-facts.js';

/** A commit that broke a rule. */
export interface Violation {
  readonly commit: Oid;
  readonly rule: string;
  readonly message: string;
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
  const checker = new TreeChecker(context);
  const violations: Violation[] = [];
  const options = { firstParent: true, ...(since !== undefined && { exclude: [since] }) };
  for await (const step of walkCommits(context.store, [tip], options)) {
    const { reasons } = await judge(context, { branch, step, checker });
    violations.push(...reasons.map(({ rule, message }) => ({ commit: step.oid, rule, message })));
  }
  return violations;
}

async function judge(
  context: RepositoryContext,
  {
    branch,
    step,
    checker,
  }: { readonly branch: string; readonly step: Visited; readonly checker: TreeChecker },
): Promise<Decision> {
  const [before, ...merged] = step.commit.parents;
  if (before === undefined) return { allowed: true, reasons: [] };
  const protection = protectionOf(branch, (await governingSettings(context, before)).branches);
  if (!needsMergeCommit(protection.level)) return { allowed: true, reasons: [] };
  if (merged.length === 0) return decide(protection, 'commit', { branch });
  return decide(protection, 'merge', {
    branch,
    head: merged.join(', '),
    ...(await strictFacts(context.store, { protection, tip: before, heads: merged, tree: step.commit.tree })),
    problems: await checker.countProblems(step.commit.tree),
  });
}

/** Counts the problems of successive trees, looking at each file once for as long as it, the settings and the schemas stay the same. */
class TreeChecker {
  private readonly context: RepositoryContext;
  private readonly known = new Map<string, number>();

  constructor(context: RepositoryContext) {
    this.context = context;
  }

  async countProblems(tree: Oid): Promise<number> {
    const { store } = this.context;
    const settings = await this.settingsOf(tree);
    if (settings === undefined) return 1;
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

import { isConfigError, shellWord, type ConfigError } from '../errors.js';
import { isConfigFile, type Settings } from '../settings/index.js';
import {
  andThen,
  diffTrees,
  listFiles,
  readOnce,
  type Awaitable,
  type FileContent,
  type FileEntry,
  type Oid,
  type RepoPath,
  type Store,
} from '../store/index.js';
import { judgesSteps, needsMergeCommit, type Protection } from '../policy/index.js';
import { caseCollisions } from '../lint/index.js';
import { byPlace, checkContents, distinct, judged, needsLints, readFromTree } from './check.js';
import type { RepositoryContext } from './context.js';
import { isFile } from './documents.js';
import type { TreePatch } from './index-changes.js';
import { KnownAnswers } from './known-answers.js';
import {
  errorsOf,
  gateError,
  plainProblem,
  settingsGateError,
  type PlainProblem,
  type Problem,
} from './problems.js';
import { stackProblems } from './gate-stacks.js';
import { treeOf } from './head.js';
import { requireAllowed, type Intent } from './protection.js';
import { beginning } from './schemas.js';
import { settingsOfTree, settingsPath } from './settings.js';
import { strictFacts } from './strict-facts.js';

/** Throws E_GATE unless the configuration files among the changes parse and satisfy their schemas, as `tree` has them. */
export async function requireValid(context: RepositoryContext, input: CommitToCheck): Promise<void> {
  const hint =
    input.isStaged === true
      ? "correct the file, or skip the check with 'cfg commit --no-verify'"
      : 'correct the content or its schema first';
  const settings = await validSettings(context, { ...input, hint });
  const entries = input.changes.flatMap(({ entry }) => entry ?? []);
  const problems = await problemsOf(context.store, { ...input, settings, entries });
  if (problems.length === 0) return;
  const unstaged = input.isStaged === true ? await unstagedSchema(context, problems) : undefined;
  throw gateError(problems, unstaged ?? hint);
}

/** What to do where the schema is there, and only was not staged. */
async function unstagedSchema(
  { store: { worktree } }: RepositoryContext,
  [first]: readonly Problem[],
): Promise<string | undefined> {
  if (first?.absent === undefined || (await worktree?.read(first.absent)) === undefined) return undefined;
  return `it is there, but not staged: cfg add ${shellWord(first.absent)}`;
}

interface CommitToCheck {
  readonly tree: Oid;
  readonly changes: readonly TreePatch[];
  /** It is what the index has: the check may be left out, and a file be there that was not staged. Default false. */
  readonly isStaged?: boolean;
}

/** The settings of what is about to be committed. Throws E_GATE. */
async function validSettings(
  context: RepositoryContext,
  { tree, hint }: { readonly tree: Oid; readonly hint: string },
): Promise<Settings> {
  try {
    return await settingsOfTree(context, tree);
  } catch (error) {
    if (!isConfigError(error, 'E_SETTINGS')) throw error;
    throw settingsGateError(error, hint);
  }
}

/** What a merge into a branch brings. */
export interface MergeResult {
  readonly protection: Protection;
  readonly branch: string | null;
  /** The tip of the branch. */
  readonly ours: Oid | null;
  readonly theirs: Oid;
  /** What is merged, as the user named it. */
  readonly label: string;
  /** The merged tree, in `store`. */
  readonly tree: Oid;
  readonly store: Store;
}

/** Throws E_PROTECTED unless the result of a merge meets the rules of the branch that it goes to. */
export async function requireMergeAllowed(context: RepositoryContext, merge: MergeResult): Promise<void> {
  const intent = await mergeIntent(context, merge);
  if (intent !== undefined) requireAllowed(intent);
}

/** A merge that a branch's rules have to judge, and what validation finds in its result. */
export interface MergeIntent extends Intent {
  readonly branch: string;
  readonly details: { readonly problems: readonly PlainProblem[] };
}

/** What the rules of the branch have to judge of a merge; undefined where nothing stands in its way. */
export async function mergeIntent(
  context: RepositoryContext,
  merge: MergeResult,
): Promise<MergeIntent | undefined> {
  const { protection, branch, ours, theirs, store } = merge;
  if (branch === null || !judgesSteps(protection) || ours === null) return undefined;
  const inner = { ...context, store };
  const problems = needsMergeCommit(protection.level)
    ? await problemsOfResult(inner, { tree: merge.tree, ours })
    : [];
  return {
    protection,
    branch,
    action: 'merge',
    facts: {
      head: merge.label,
      ...(await strictFacts(inner, { protection, tip: ours, heads: [theirs], tree: merge.tree })),
      problems: problems.length,
    },
    details: { problems },
  };
}

/** What the result of a merge is wrong with: any configuration file, and any stack that it changes. */
async function problemsOfResult(
  context: RepositoryContext,
  { tree, ours }: { readonly tree: Oid; readonly ours: Oid },
): Promise<readonly PlainProblem[]> {
  const changes = await diffTrees(context.store, await treeOf(context.store, ours), tree);
  const changed = new Set(changes.flatMap(({ path, from = path }) => [path, from]));
  const { problems } = await checkTree(context, { tree, changed, errorsOnly: true });
  return problems.filter(({ severity }) => severity === 'error');
}

export interface TreeToCheck {
  readonly tree: Oid;
  /** Stacks are only loaded when they read one of these paths; default: all of them. */
  readonly changed?: ReadonlySet<RepoPath> | undefined;
  /** Which files are looked at; default: all configuration files. */
  readonly isWanted?: (path: RepoPath) => boolean;
  /** Whether warnings are of no interest. Default false. */
  readonly errorsOnly?: boolean;
  /** Every file of the tree, where that is known. */
  readonly all?: readonly FileEntry[];
  /** Reads a file of the tree; default: from its object. */
  readonly read?: ReadEntry;
}

export interface CheckedTree {
  readonly problems: readonly PlainProblem[];
  /** The configuration files that were looked at. */
  readonly files: readonly RepoPath[];
}

/** What is wrong with a tree by its own settings: configuration files, and stacks. A broken `cfg.yaml` hides everything else. */
export async function checkTree(
  context: RepositoryContext,
  { tree, changed, isWanted = (): boolean => true, errorsOnly = false, all, read }: TreeToCheck,
): Promise<CheckedTree> {
  const { store } = context;
  try {
    const settings = await settingsOfTree(context, tree);
    const allEntries = all ?? (await listFiles(store, tree));
    const entries = configurationIn(
      allEntries.filter(({ path }) => isWanted(path)),
      settings,
    );
    const files = await fileProblems(store, { tree, settings, entries, errorsOnly, read });
    const stacks = await stackProblems(store, { tree, settings, changed });
    const paths = errorsOnly ? [] : judged(pathProblems(allEntries, isWanted), settings);
    return {
      problems: withoutTwins([...files, ...paths].map(plainProblem), stacks),
      files: entries.map(({ path }) => path),
    };
  } catch (error) {
    if (!isConfigError(error, 'E_SETTINGS', 'E_INVALID')) throw error;
    return { problems: settingsProblems(error), files: [settingsPath] };
  }
}

/** A layer that does not parse is found as a file already. */
function withoutTwins(
  files: readonly PlainProblem[],
  stacks: readonly PlainProblem[],
): readonly PlainProblem[] {
  const known = new Set(files.map(identity));
  return [...files, ...stacks.filter((problem) => !known.has(identity(problem)))];
}

function identity({ file, line, column, rule }: PlainProblem): string {
  return JSON.stringify([file, line, column, rule]);
}

/** Paths that are one file where case does not count. */
function pathProblems(
  entries: readonly FileEntry[],
  isWanted: (path: RepoPath) => boolean,
): readonly Problem[] {
  return caseCollisions(entries.map(({ path }) => path)).flatMap(({ path, other }) => {
    const message = `the path differs from '${other}' in upper and lower case only`;
    const problem = { file: path, rule: 'case-collision', severity: 'warning', message } as const;
    return isWanted(path) || isWanted(other) ? [{ ...problem, range: beginning }] : [];
  });
}

/** Every problem that the error tells the place of. */
function settingsProblems({ message, details }: ConfigError): readonly PlainProblem[] {
  const whole: SettingsProblem = { file: settingsPath, line: 1, column: 1, path: '', message };
  const found = Array.isArray(details?.['problems']) ? details['problems'].filter(isPlaced) : [];
  return (found.length === 0 ? [whole] : found).map(({ file, line, column, path, message: text, hint }) => {
    const said = hint === undefined ? text : `${text}; ${hint}`;
    return { file, line, column, path, rule: 'settings', severity: 'error', message: said };
  });
}

type SettingsProblem = Pick<PlainProblem, 'file' | 'line' | 'column' | 'path' | 'message'> & {
  readonly hint?: string;
};

function isPlaced(value: unknown): value is SettingsProblem {
  return typeof value === 'object' && value !== null && 'file' in value && 'path' in value && 'line' in value;
}

type ReadEntry = (entry: FileEntry) => Awaitable<Uint8Array>;

/** The entries that are configuration; a link or a submodule is none. */
function configurationIn(entries: readonly FileEntry[], settings: Settings): readonly FileEntry[] {
  return entries.filter((entry) => isFile(entry) && isConfigFile(settings, entry.path));
}

interface EntriesToCheck {
  readonly tree: Oid;
  readonly entries: readonly FileEntry[];
  readonly settings: Settings;
  readonly read?: ReadEntry | undefined;
}

/** Errors of the configuration files among entries of a tree. */
export async function problemsOf(store: Store, input: EntriesToCheck): Promise<readonly Problem[]> {
  const entries = configurationIn(input.entries, input.settings);
  return errorsOf(await fileProblems(store, { ...input, entries, errorsOnly: true }));
}

/** Of files whose answer is known, that; the others are checked. */
async function fileProblems(
  store: Store,
  input: EntriesToCheck & { readonly errorsOnly: boolean },
): Promise<readonly Problem[]> {
  const {
    tree,
    entries,
    settings,
    errorsOnly,
    read = ({ oid }): Awaitable<Uint8Array> => readOnce(store, oid, 'blob'),
  } = input;
  const answers = await KnownAnswers.open({
    store,
    tree,
    count: entries.length,
    lints: needsLints({ errorsOnly, settings }),
  });
  const { known, unknown } = await answers.split(entries);
  const files = new Map(unknown.map((entry) => [entry.path, entry]));
  const checked = await checkContents({
    files: contentsOf(unknown, read),
    settings,
    read: readFromTree(store, tree),
    code: store.code,
    errorsOnly,
    keep: (path, answer) => {
      const entry = files.get(path);
      if (entry !== undefined) answers.keep(entry, answer);
    },
  });
  await answers.save();
  return distinct([...judged(known, settings), ...checked]).toSorted(byPlace);
}

/** One file after the other, so that they are not in memory all at once. */
function* contentsOf(entries: Iterable<FileEntry>, read: ReadEntry): Generator<Awaitable<FileContent>> {
  for (const entry of entries) {
    const { path } = entry;
    yield andThen(read(entry), (data) => ({ path, mode: '100644', data }));
  }
}

import { matchRule, type ConfigDocument } from '../doc/index.js';
import { isConfigFile, type Settings } from '../settings/index.js';
import {
  andThen,
  findFile,
  readBlob,
  type Awaitable,
  type CodeFiles,
  type FileContent,
  type Oid,
  type RepoPath,
  type Store,
} from '../store/index.js';
import type { RepositoryContext } from './context.js';
import { isFile } from './documents.js';
import { FileChecker } from './file-check.js';
import { readHead, treeOf } from './head.js';
import type { FileAnswer } from './known-answers.js';
import type { Problem } from './problems.js';
import type { ReadFile, SchemaCache } from './schemas.js';

export interface CheckInput {
  /** Those that count as configuration. One after the other, so that they are not in memory all at once. */
  readonly files: Iterable<Awaitable<FileContent>>;
  readonly settings: Settings;
  readonly read: ReadFile;
  /** Whether only errors matter, so that rules which can but warn need not run. Default false. */
  readonly errorsOnly?: boolean;
  /** Compiled schemas by path, to be used again for other files as long as no file that was read has changed. */
  readonly schemas?: SchemaCache;
  /** Where compiled schemas are kept. */
  readonly code: CodeFiles | undefined;
  /** Files that have been parsed already. */
  readonly documents?: ReadonlyMap<RepoPath, ConfigDocument>;
  /** Told what each file is wrong with before the settings rate it, where that follows from the files named in the answer and nothing else. */
  readonly keep?: (path: RepoPath, answer: FileAnswer) => void;
}

/** Problems of the configuration among `given` as it would be; schemas among it are used as they would be, others as they are now. */
export async function checkFiles(
  context: RepositoryContext,
  given: readonly FileContent[],
  settings: Settings,
): Promise<readonly Problem[]> {
  const contents = new Map(given.map((file) => [file.path, file.data]));
  const current = await currentFiles(context);
  const read: ReadFile = async (path) => contents.get(path) ?? current(path);
  const files = given.filter((file) => isFile(file) && isConfigFile(settings, file.path));
  return checkContents({ files, settings, read, code: context.store.code });
}

/** Files of the worktree, or of HEAD in a bare repository. */
async function currentFiles(context: RepositoryContext): Promise<ReadFile> {
  const { store } = context;
  const { worktree } = store;
  if (worktree !== undefined) return async (path) => (await worktree.read(path))?.data;
  const tree = await treeOf(store, (await readHead(store)).commit);
  return readFromTree(store, tree);
}

/** Files of a tree; a link or a submodule is none. */
export function readFromTree(store: Store, tree: Oid | null): ReadFile {
  return async (path) => {
    const entry = tree === null ? undefined : await findFile(store, tree, path);
    return entry && isFile(entry) ? readBlob(store, entry.oid) : undefined;
  };
}

/** Syntax, schemas and rules of the configuration files among `files`, as the settings rate them; sorted by file, then position. */
export async function checkContents(input: CheckInput): Promise<readonly Problem[]> {
  const checker = new FileChecker({ ...input, lints: needsLints(input) });
  const problems: Problem[] = [];
  for (const given of input.files) {
    // nearly all is at hand, and a turn of the event loop for each file would take as long as checking it
    const found = andThen(given, (file) => checker.check(file));
    problems.push(...(found instanceof Promise ? await found : found));
  }
  const all = distinct([...problems, ...(await checker.schemaProblems())]);
  return judged(all, input.settings).toSorted(byPlace);
}

/** A schema that does not parse is found as a file already. */
export function distinct(problems: readonly Problem[]): readonly Problem[] {
  if (problems.length < 2) return problems;
  return [...new Map(problems.map((problem) => [identityOf(problem), problem])).values()];
}

function identityOf({ file, rule, message, range: { start } }: Problem): string {
  return JSON.stringify([file, rule, message, start.offset]);
}

/** Whether the rules that can but warn are run: where somebody wants warnings, or the settings make errors of them. */
export function needsLints({ errorsOnly, settings }: Pick<CheckInput, 'errorsOnly' | 'settings'>): boolean {
  return errorsOnly !== true || raisesRules(settings);
}

function raisesRules({ rules }: Settings): boolean {
  return [...rules.values()].some(({ level }) => level === 'error');
}

/** Problems as the settings rate them. */
export function judged(problems: readonly Problem[], { rules }: Settings): readonly Problem[] {
  if (rules.size === 0) return problems;
  return problems.flatMap((problem) => {
    const rule = problem.severity === 'error' ? undefined : rules.get(problem.rule);
    if (rule === undefined) return [problem];
    const excepted = rule.except.some((glob) => matchRule(glob, problem.file, problem.path ?? []));
    return rule.level === 'off' || excepted ? [] : [{ ...problem, severity: rule.level }];
  });
}

/** The order of problems: by file, then place. */
export function byPlace(a: Problem, b: Problem): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.range.start.offset - b.range.start.offset;
}

import { ConfigError } from '../errors.js';
import {
  matchPath,
  matchRule,
  valueOf,
  type ConfigDocument,
  type ConfigValue,
  type Diagnostic,
  type SourceRange,
} from '../doc/index.js';
import { lintDocument } from '../lint/index.js';
import { compileSchema, validateDocument, type CompiledSchema } from '../schema/index.js';
import { isConfigFile, type Settings } from '../settings/index.js';
import { findFile, readBlob, type FileContent, type Oid, type RepoPath, type Store } from '../store/index.js';
import type { RepositoryContext } from './context.js';
import { documentOf } from './documents.js';
import { readHead, treeOf } from './head.js';
import { errorsOf, type Problem } from './problems.js';
import { textOf } from './text.js';

/** Where files are looked up while others are checked: their schemas, and what those refer to. */
export type ReadFile = (path: RepoPath) => Promise<Uint8Array | undefined>;

export interface CheckInput {
  readonly files: readonly FileContent[];
  readonly settings: Settings;
  readonly read: ReadFile;
  /** Whether only errors matter, so that rules which can but warn need not run. Default false. */
  readonly errorsOnly?: boolean;
  /** Compiled schemas by path, to be used again for other files as long as no file that was read has changed. */
  readonly schemas?: SchemaCache;
  /** Files that have been parsed already. */
  readonly documents?: ReadonlyMap<RepoPath, ConfigDocument>;
}

export type SchemaCache = Map<RepoPath, Promise<CompiledSchema | Problem>>;

/** Problems of `files` as they would be; schemas among them are used as they would be, others as they are now. */
export async function checkFiles(
  context: RepositoryContext,
  files: readonly FileContent[],
  settings: Settings,
): Promise<readonly Problem[]> {
  const given = new Map(files.map((file) => [file.path, file.data]));
  const current = await currentFiles(context);
  return checkContents({ files, settings, read: async (path) => given.get(path) ?? current(path) });
}

/** Files of the worktree, or of HEAD in a bare repository. */
async function currentFiles(context: RepositoryContext): Promise<ReadFile> {
  const { store } = context;
  const { worktree } = store;
  if (worktree !== undefined) return async (path) => (await worktree.read(path))?.data;
  const tree = await treeOf(store, (await readHead(store)).commit);
  return readFromTree(store, tree);
}

/** Files of a tree. */
export function readFromTree(store: Store, tree: Oid | null): ReadFile {
  return async (path) => {
    const entry = tree === null ? undefined : await findFile(store, tree, path);
    return entry && readBlob(store, entry.oid);
  };
}

/** Syntax and schemas of the configuration files among `files`; sorted by file, then position. */
export async function checkContents(input: CheckInput): Promise<readonly Problem[]> {
  const { files, settings, read, schemas = new Map(), documents } = input;
  const lints = input.errorsOnly !== true || raisesRules(settings);
  const problems: Problem[] = [];
  for (const { path, data, mode } of files) {
    if (mode === '120000' || !isConfigFile(settings, path)) continue;
    const document = documents?.get(path) ?? documentOf(path, data);
    if (document === undefined) {
      if (textOf(data) === undefined) problems.push(wholeFile(path, 'encoding', 'not UTF-8 text'));
      continue;
    }
    problems.push(...inFile(path, document.diagnostics));
    if (lints) problems.push(...inFile(path, lintDocument(document)));
    for (const { schema } of settings.schemas.filter((rule) => matchPath(rule.files, path))) {
      const compiled = await remember(schemas, schema, () => readSchema(schema, read));
      problems.push(...validated(path, document, compiled));
    }
  }
  return judged(problems, settings).toSorted(byPlace);
}

function raisesRules({ rules }: Settings): boolean {
  return [...rules.values()].some(({ level }) => level === 'error');
}

/** Problems as the settings rate them. */
export function judged(problems: readonly Problem[], { rules }: Settings): readonly Problem[] {
  if (rules.size === 0) return problems;
  return problems.flatMap((problem) => {
    const rule = rules.get(problem.rule);
    if (rule === undefined) return [problem];
    const excepted = rule.except.some((glob) => matchRule(glob, problem.file, problem.path ?? []));
    return rule.level === 'off' || excepted ? [] : [{ ...problem, severity: rule.level }];
  });
}

function validated(
  path: RepoPath,
  document: ConfigDocument,
  schema: CompiledSchema | Problem,
): readonly Problem[] {
  if ('message' in schema) return [{ ...wholeFile(path, schema.rule, `${schema.file}: ${schema.message}`) }];
  if (!document.valid) return [];
  return inFile(path, validateDocument(document, schema));
}

/** A schema ready to use, or what is wrong with it. */
async function readSchema(path: RepoPath, read: ReadFile): Promise<CompiledSchema | Problem> {
  const schema = await readValue(path, read);
  if (schema === undefined) return wholeFile(path, 'schema', 'there is no such schema in the repository');
  if ('problem' in schema) return schema.problem;
  const files = new Map<RepoPath, ConfigValue | undefined>();
  for (;;) {
    const wanted: RepoPath[] = [];
    const resolve = (reference: RepoPath): ConfigValue | undefined => {
      if (!files.has(reference)) wanted.push(reference);
      return files.get(reference);
    };
    try {
      return compileSchema(schema.value, { id: path, resolve });
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      if (wanted.length === 0) return wholeFile(path, 'schema', error.message);
    }
    // a schema is compiled synchronously: what it turned out to refer to is read here, and then it is tried again
    for (const reference of wanted) {
      const found = await readValue(reference, read);
      files.set(reference, found !== undefined && 'value' in found ? found.value : undefined);
    }
  }
}

/** The value of a schema file, or why it has none; undefined when it is not there. */
async function readValue(
  path: RepoPath,
  read: ReadFile,
): Promise<{ readonly value: ConfigValue } | { readonly problem: Problem } | undefined> {
  const data = await read(path);
  if (data === undefined) return undefined;
  const document = documentOf(path, data);
  if (document === undefined)
    return { problem: wholeFile(path, 'schema', 'a schema is a JSON or YAML file') };
  const [problem] = errorsOf(inFile(path, document.diagnostics));
  return problem === undefined ? { value: valueOf(document) } : { problem };
}

function inFile(file: RepoPath, diagnostics: readonly Diagnostic[]): readonly Problem[] {
  return diagnostics.map((diagnostic) => Object.assign({ file }, diagnostic));
}

async function remember<T>(cache: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const known = cache.get(key) ?? make();
  cache.set(key, known);
  return known;
}

const start: SourceRange = {
  start: { offset: 0, line: 1, column: 1 },
  end: { offset: 0, line: 1, column: 1 },
};

function wholeFile(file: RepoPath, rule: string, message: string): Problem {
  return { file, rule, severity: 'error', message, range: start };
}

function byPlace(a: Problem, b: Problem): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.range.start.offset - b.range.start.offset;
}

import {
  locate,
  matchPath,
  matchRule,
  parseDocument,
  type ConfigDocument,
  type Diagnostic,
} from '../doc/index.js';
import { lintDocument } from '../lint/index.js';
import { isConfigFile, type Settings } from '../settings/index.js';
import {
  findFile,
  readBlob,
  type CodeFiles,
  type FileContent,
  type Oid,
  type RepoPath,
  type Store,
} from '../store/index.js';
import type { RepositoryContext } from './context.js';
import { documentOf } from './documents.js';
import { readHead, treeOf } from './head.js';
import { namedSchemas } from './named-schema.js';
import { inFile, type Problem } from './problems.js';
import type { FileAnswer } from './known-answers.js';
import { danglingReferences } from './reference-check.js';
import { beginning, Schemas, type LoadedSchema, type ReadFile, type SchemaCache } from './schemas.js';
import { settingsPath } from './settings.js';
import { textOf } from './text.js';

export interface CheckInput {
  readonly files: Iterable<FileContent> | AsyncIterable<FileContent>;
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
  readonly keep?: (path: RepoPath, answer: FileAnswer) => Promise<void>;
}

/** Problems of `files` as they would be; schemas among them are used as they would be, others as they are now. */
export async function checkFiles(
  context: RepositoryContext,
  files: readonly FileContent[],
  settings: Settings,
): Promise<readonly Problem[]> {
  const given = new Map(files.map((file) => [file.path, file.data]));
  const current = await currentFiles(context);
  const read: ReadFile = async (path) => given.get(path) ?? current(path);
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

/** Files of a tree. */
export function readFromTree(store: Store, tree: Oid | null): ReadFile {
  return async (path) => {
    const entry = tree === null ? undefined : await findFile(store, tree, path);
    return entry && readBlob(store, entry.oid);
  };
}

/** Syntax, schemas and rules of the configuration files among `files`, as the settings rate them; sorted by file, then position. */
export async function checkContents(input: CheckInput): Promise<readonly Problem[]> {
  const checker = new Checker(input);
  const problems: Problem[] = [];
  for await (const file of input.files) problems.push(...(await checker.file(file)));
  return judged([...problems, ...checker.schemaProblems()], input.settings).toSorted(byPlace);
}

/** Whether the rules that can but warn are run: where somebody wants warnings, or the settings make errors of them. */
export function needsLints({ errorsOnly, settings }: Pick<CheckInput, 'errorsOnly' | 'settings'>): boolean {
  return errorsOnly !== true || raisesRules(settings);
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

type UsableSchema = Extract<LoadedSchema, { schema: unknown }>;

const maxProblems = 100;

class Checker {
  private readonly schemas: Schemas;
  /** What is wrong with schemas; each is told once, however many files are of it. */
  private readonly broken = new Map<string, readonly Problem[]>();
  private readonly lints: boolean;
  private readonly input: CheckInput;
  /** What the answer about the present file depends on, and whether that is all. */
  private dependencies = new Set<RepoPath>();
  private isComplete = true;

  constructor(input: CheckInput) {
    this.input = input;
    this.schemas = new Schemas({ read: input.read, loaded: input.schemas, code: input.code });
    this.lints = needsLints(input);
  }

  schemaProblems(): readonly Problem[] {
    return [...this.broken.values()].flat();
  }

  async file(file: FileContent): Promise<readonly Problem[]> {
    if (file.mode === '120000' || !isConfigFile(this.input.settings, file.path)) return [];
    this.dependencies = new Set([settingsPath]);
    this.isComplete = true;
    const problems = await this.problems(file);
    if (this.isComplete) await this.input.keep?.(file.path, { problems, dependencies: this.dependencies });
    return problems;
  }

  private async problems({ path, data }: FileContent): Promise<readonly Problem[]> {
    const document = this.input.documents?.get(path) ?? documentOf(path, data);
    if (document === undefined)
      return textOf(data) === undefined
        ? [{ file: path, rule: 'encoding', severity: 'error', message: 'not UTF-8 text', range: beginning }]
        : [];
    const problems = [
      ...inFile(path, document.diagnostics),
      ...nestedSettings(path),
      ...(this.lints ? inFile(path, lintDocument(document)).filter(isNoLevel) : []),
      ...(await this.bySchemas(path, document)),
    ];
    return capped(path, problems);
  }

  private async bySchemas(path: RepoPath, document: ConfigDocument): Promise<readonly Problem[]> {
    const problems: Problem[] = [];
    for (const [index, rule] of this.input.settings.schemas.entries()) {
      const isSchema = rule.schema === path;
      if (!isSchema && !matchPath(rule.files, path)) continue;
      const schema = await this.schemaOf(rule.schema, () => this.missingInSettings(rule.schema, index));
      if (schema !== undefined && matchPath(rule.files, path))
        problems.push(...(await this.bySchema(path, document, schema)));
    }
    for (const named of namedSchemas(path, document)) {
      const gone = async (): Promise<Problem> => ({
        ...missing(named.path),
        file: path,
        range: named.range,
      });
      const schema =
        named.path === undefined ? void problems.push(await gone()) : await this.schemaOf(named.path, gone);
      if (schema !== undefined)
        problems.push(...(await this.bySchema(path, document, schema)).filter(isNotItsName));
    }
    return problems;
  }

  private async bySchema(
    path: RepoPath,
    document: ConfigDocument,
    schema: UsableSchema,
  ): Promise<readonly Problem[]> {
    if (!document.valid) return [];
    const { diagnostics, references } = schema.validate(document);
    const read: ReadFile = (other) => {
      this.dependencies.add(other);
      return this.input.read(other);
    };
    return [...inFile(path, diagnostics), ...(await danglingReferences(path, references, read))];
  }

  private async schemaOf(path: RepoPath, gone: () => Promise<Problem>): Promise<UsableSchema | undefined> {
    const loaded = await this.schemas.get(path);
    if ('schema' in loaded) {
      for (const file of loaded.schema.files) this.dependencies.add(file);
      return loaded;
    }
    this.isComplete = false;
    if ('problems' in loaded) this.broken.set(path, loaded.problems);
    else {
      const problem = await gone();
      this.broken.set(`${problem.file} ${problem.range.start.offset}`, [problem]);
    }
    return undefined;
  }

  /** Points at the line of `cfg.yaml` that names the schema. */
  private async missingInSettings(schema: RepoPath, index: number): Promise<Problem> {
    const path = ['schemas', index, 'schema'];
    const text = textOf((await this.input.read(settingsPath)) ?? new Uint8Array());
    const range = locate(parseDocument(text ?? '', { format: 'yaml' }), path) ?? beginning;
    return { ...missing(schema), file: settingsPath, path, range };
  }
}

function raisesRules({ rules }: Settings): boolean {
  return [...rules.values()].some(({ level }) => level === 'error');
}

function missing(schema: RepoPath | undefined): Omit<Problem, 'file' | 'range'> {
  const message =
    schema === undefined
      ? 'the schema is outside of the repository'
      : `there is no schema '${schema}' in the repository`;
  return { rule: 'schema', severity: 'error', message };
}

/** Somebody may count on rules that protect nothing. */
function nestedSettings(file: RepoPath): readonly Problem[] {
  if (!file.endsWith(`/${settingsPath}`)) return [];
  const message = `not in force: a repository has one '${settingsPath}', at its root`;
  return [{ file, rule: 'nested-settings', severity: 'warning', message, range: beginning }];
}

/** `off` is a level of a rule in `cfg.yaml`, however YAML 1.1 reads it. */
function isNoLevel({ file, rule }: Problem): boolean {
  return !(file === settingsPath && rule === 'yaml-boolean');
}

/** A schema that allows no other keys does not mean the one that names it. */
function isNotItsName({ rule, path }: Problem): boolean {
  const unknown = rule === 'schema-additional-properties' || rule === 'schema-unevaluated-properties';
  return !(unknown && path?.length === 1 && path[0] === '$schema');
}

/** One text may break a rule in thousands of places: errors first, and the rest counted. */
function capped(file: RepoPath, problems: readonly Problem[]): readonly Problem[] {
  if (problems.length <= maxProblems) return problems;
  const counts = problems.filter(isCount);
  const single = problems.filter((problem) => !isCount(problem));
  const ranked = [...single.filter(isError), ...single.filter((problem) => !isError(problem))];
  const hidden = counts.reduce((sum, { message }) => sum + Number.parseInt(message, 10), 0);
  const more = ranked.length - maxProblems + hidden;
  if (more <= 0) return problems;
  const message = `${more} more problems are not shown`;
  const last: Diagnostic = { rule: 'too-many', severity: 'warning', message, range: beginning };
  return [
    ...ranked.slice(0, maxProblems),
    { file, ...last, range: ranked[maxProblems - 1]?.range ?? beginning },
  ];
}

function isError({ severity }: Problem): boolean {
  return severity === 'error';
}

function isCount({ rule }: Problem): boolean {
  return rule === 'too-many' || rule === 'schema-too-many';
}

/** The order of problems: by file, then place. */
export function byPlace(a: Problem, b: Problem): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.range.start.offset - b.range.start.offset;
}

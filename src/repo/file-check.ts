/** The check of one file after the other: syntax, schemas, and rules of cfg's own. */
import { locate, matchPath, parseDocument, type ConfigDocument } from '../doc/index.js';
import { lintDocument } from '../lint/index.js';
import { isConfigError } from '../errors.js';
import type { DocumentFindings, DocumentReference } from '../schema/index.js';
import { andThen, type Awaitable, type FileContent, type RepoPath } from '../store/index.js';
import type { CheckInput } from './check.js';
import { documentOf } from './documents.js';
import type { FileAnswer } from './known-answers.js';
import { namedSchemas, type NamedSchema } from './named-schema.js';
import { capped } from './problem-cap.js';
import { inFile, type Problem } from './problems.js';
import { danglingReferences } from './reference-check.js';
import { beginning, Schemas, type LoadedSchema, type ReadFile } from './schemas.js';
import { settingsPath } from './settings.js';
import { textOf } from './text.js';

export interface CheckerInput extends Omit<CheckInput, 'files' | 'errorsOnly'> {
  /** Whether the rules that can but warn are run. */
  readonly lints: boolean;
}

/** A schema that a file has to do with. */
interface Applied {
  readonly path: RepoPath;
  readonly loaded: LoadedSchema;
  /** Whether the file has to satisfy it; else it is that schema. */
  readonly judges: boolean;
  /** Where it is named: the rule of the settings, by number, a stack of them, or the place in the file. */
  readonly by: number | 'stack' | NamedSchema;
}

type UsableSchema = Extract<LoadedSchema, { validate: unknown }>;

interface ReadDocument {
  readonly path: RepoPath;
  readonly document: ConfigDocument;
  readonly named: readonly NamedSchema[];
}

/** Answers at once, but where a schema, or what a value refers to, has to be read first. */
export class FileChecker {
  private readonly schemas: Schemas;
  /** What is wrong with schemas; each is told once, however many files are of it. */
  private readonly broken = new Map<string, readonly Problem[]>();
  /** Rules of the settings whose schema is not there, by number. */
  private readonly missed = new Set<number>();
  private readonly input: CheckerInput;
  private readonly ofStacks: ReadonlySet<RepoPath | undefined>;

  constructor(input: CheckerInput) {
    this.input = input;
    this.ofStacks = new Set([...input.settings.stacks.values()].map(({ schema }) => schema));
    this.schemas = new Schemas({ read: input.read, loaded: input.schemas, code: input.code });
  }

  check({ path, data }: FileContent): Awaitable<readonly Problem[]> {
    const document = this.input.documents?.get(path) ?? documentOf(path, data);
    if (document === undefined)
      return this.keep(path, { problems: unreadable(path, data), dependencies: [] });
    const file = { path, document, named: namedSchemas(path, document) };
    return andThen(this.schemasOf(file), (applied) => this.judge(file, applied));
  }

  /** What is wrong with the schemas of the files that were checked. */
  async schemaProblems(): Promise<readonly Problem[]> {
    const problems = [...this.broken.values()].flat();
    for (const rule of this.missed) problems.push(await this.missingInSettings(rule));
    return problems;
  }

  private schemasOf({ path, named }: ReadDocument): Awaitable<readonly Applied[]> {
    const applied: Awaitable<Applied>[] = [];
    const add = (schema: RepoPath, by: Applied['by'], judges: boolean): void => {
      applied.push(andThen(this.schemas.get(schema), (loaded) => ({ path: schema, loaded, judges, by })));
    };
    for (const [rule, { files, schema }] of this.input.settings.schemas.entries()) {
      const judges = matchPath(files, path);
      if (judges || schema === path) add(schema, rule, judges);
    }
    if (this.ofStacks.has(path)) add(path, 'stack', false);
    for (const one of named) if (one.path !== undefined) add(one.path, one, true);
    return allOf(applied);
  }

  private judge(file: ReadDocument, applied: readonly Applied[]): Awaitable<readonly Problem[]> {
    const { path, document } = file;
    const problems = this.ownProblems(file);
    const dependencies: RepoPath[] = [];
    const references: DocumentReference[] = [];
    let isComplete = true;
    for (const one of applied) {
      if (!('schema' in one.loaded)) {
        this.noteBroken(path, one);
        isComplete = false;
        continue;
      }
      dependencies.push(...one.loaded.schema.files);
      if (!one.judges || !document.valid) continue;
      const found = this.findings(document, one.path, one.loaded);
      if (found === undefined) {
        isComplete = false;
        continue;
      }
      const isNamed = typeof one.by === 'object';
      problems.push(...inFile(path, isNamed ? found.diagnostics.filter(isNotItsName) : found.diagnostics));
      references.push(...found.references);
    }
    const answer = (): readonly Problem[] =>
      isComplete ? this.keep(path, { problems, dependencies }) : capped(path, problems);
    if (references.length === 0) return answer();
    const read: ReadFile = (other) => {
      dependencies.push(other);
      return this.input.read(other);
    };
    return danglingReferences(path, references, read).then((dangling) => {
      problems.push(...dangling);
      return answer();
    });
  }

  /** Undefined where the schema goes round in circles. A text too long for its pattern says nothing against other files. */
  private findings(
    document: ConfigDocument,
    path: RepoPath,
    { validate }: UsableSchema,
  ): DocumentFindings | undefined {
    try {
      return validate(document);
    } catch (error) {
      if (!isConfigError(error, 'E_LIMIT')) throw error;
      const problem = {
        rule: 'schema',
        severity: 'error',
        message: error.message,
        range: beginning,
      } as const;
      if (error.details?.['schema'] !== path) return { diagnostics: [problem], references: [] };
      this.broken.set(path, [{ file: path, ...problem }]);
      return undefined;
    }
  }

  /** What a file is wrong with whatever its schemas say. */
  private ownProblems({ path, document, named }: ReadDocument): Problem[] {
    const problems = [...inFile(path, document.diagnostics), ...nestedSettings(path)];
    if (this.input.lints) problems.push(...inFile(path, lintDocument(document)).filter(isNoLevel));
    for (const one of named) if (one.path === undefined) problems.push(missing(path, one));
    return problems;
  }

  /** The answer, for whoever keeps it too. Every one depends on the settings. */
  private keep(path: RepoPath, { problems, dependencies }: FileAnswer): readonly Problem[] {
    const answer = capped(path, problems);
    this.input.keep?.(path, { problems: answer, dependencies: [settingsPath, ...dependencies] });
    return answer;
  }

  private noteBroken(file: RepoPath, { path, loaded, by }: Applied): void {
    if ('problems' in loaded) this.broken.set(path, loaded.problems);
    else if (typeof by === 'number') this.missed.add(by);
    else if (by !== 'stack') this.broken.set(`${file} ${by.range.start.offset}`, [missing(file, by)]);
  }

  /** Points at the line of `cfg.yaml` that names the schema. */
  private async missingInSettings(rule: number): Promise<Problem> {
    const path = ['schemas', rule, 'schema'];
    const text = textOf((await this.input.read(settingsPath)) ?? new Uint8Array());
    const range = locate(parseDocument(text ?? '', { format: 'yaml' }), path) ?? beginning;
    const schema = this.input.settings.schemas[rule]?.schema;
    return { ...missing(settingsPath, { path: schema, range }), path };
  }
}

function allOf<T>(values: readonly Awaitable<T>[]): Awaitable<readonly T[]> {
  const there = values.filter(isThere);
  return there.length === values.length ? there : Promise.all(values);
}

function isThere<T>(value: Awaitable<T>): value is T {
  return !(value instanceof Promise);
}

/** Of what is no document of its format. */
function unreadable(file: RepoPath, data: Uint8Array): readonly Problem[] {
  if (textOf(data) !== undefined) return [];
  return [{ file, rule: 'encoding', severity: 'error', message: 'not UTF-8 text', range: beginning }];
}

function missing(file: RepoPath, { path, range }: NamedSchema): Problem {
  const message =
    path === undefined
      ? 'the schema is outside of the repository'
      : `there is no schema '${path}' in the repository`;
  const absent = path === undefined ? {} : { absent: path };
  return { file, rule: 'schema', severity: 'error', message, range, ...absent };
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
function isNotItsName({ rule, path }: Pick<Problem, 'rule' | 'path'>): boolean {
  const unknown = rule === 'schema-additional-properties' || rule === 'schema-unevaluated-properties';
  return !(unknown && path?.length === 1 && path[0] === '$schema');
}

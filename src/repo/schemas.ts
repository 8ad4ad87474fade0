import { locate, valueOf, type ConfigDocument, type ConfigValue, type SourceRange } from '../doc/index.js';
import { isConfigError, type ConfigError } from '../errors.js';
import { withFiles } from '../load/index.js';
import type { CompiledSchema, DocumentFindings, SchemaProblem } from '../schema/index.js';
import type { Awaitable, CodeFiles, RepoPath } from '../store/index.js';
import { documentOf } from './documents.js';
import { errorsOf, inFile, type Problem } from './problems.js';

/** Where files are looked up while others are checked: their schemas, and what those refer to. */
export type ReadFile = (path: RepoPath) => Promise<Uint8Array | undefined>;

/** A schema ready to use; or what is wrong with it, in its own file; or that there is none. */
export type LoadedSchema =
  | { readonly schema: CompiledSchema; readonly validate: (document: ConfigDocument) => DocumentFindings }
  | { readonly problems: readonly Problem[] }
  | { readonly missing: true };

/** By path; a promise while a schema is being loaded. */
export type SchemaCache = Map<RepoPath, Awaitable<LoadedSchema>>;

export interface SchemasInput {
  readonly read: ReadFile;
  /** Schemas of before, where no file that was read for them has changed. */
  readonly loaded?: SchemaCache | undefined;
  /** Where compiled schemas are kept. */
  readonly code: CodeFiles | undefined;
}

/** The schemas of one validation, each read and compiled once. */
export class Schemas {
  private readonly loaded: SchemaCache;
  private readonly read: ReadFile;
  private readonly code: CodeFiles | undefined;

  constructor({ read, loaded = new Map(), code }: SchemasInput) {
    this.read = read;
    this.loaded = loaded;
    this.code = code;
  }

  get(path: RepoPath): Awaitable<LoadedSchema> {
    const known = this.loaded.get(path);
    if (known !== undefined) return known;
    const loading = this.load(path).then((loaded) => {
      this.loaded.set(path, loaded);
      return loaded;
    });
    this.loaded.set(path, loading);
    return loading;
  }

  private async load(path: RepoPath): Promise<LoadedSchema> {
    const documents = new Map<RepoPath, ConfigDocument | undefined>([[path, await this.document(path)]]);
    if (documents.get(path) === undefined) {
      const exists = (await this.read(path)) !== undefined;
      return exists ? problem(path, 'a schema is a JSON or YAML file in UTF-8') : { missing: true };
    }
    // loaded when it is needed: where every answer is known, no schema is compiled
    const { compileSchema, validateDocument } = await import('../schema/index.js');
    try {
      return await withFiles(documents, {
        read: (other) => this.document(other),
        build: (file) => {
          const resolve = (other: RepoPath): ConfigValue | undefined => valueIn(file(other));
          const kept = this.code && { kept: this.code };
          const schema = compileSchema(resolve(path) ?? null, { id: path, resolve, ...kept });
          return { schema, validate: (document: ConfigDocument) => validateDocument(document, schema) };
        },
      });
    } catch (error) {
      if (!isConfigError(error)) throw error;
      return { problems: problemsOf(error, path, documents) };
    }
  }

  private async document(path: RepoPath): Promise<ConfigDocument | undefined> {
    const data = await this.read(path);
    return data && documentOf(path, data);
  }
}

type Documents = ReadonlyMap<RepoPath, ConfigDocument | undefined>;

/** Throws E_INVALID for a file that does not parse. */
function valueIn(document: ConfigDocument | undefined): ConfigValue | undefined {
  return document && valueOf(document);
}

/** What the error knows of places in the files of the schema, at these; else at the beginning of its file. */
function problemsOf(
  { message, details }: ConfigError,
  path: RepoPath,
  documents: Documents,
): readonly Problem[] {
  const broken = [...documents].flatMap(([file, document]) =>
    document === undefined ? [] : errorsOf(inFile(file, document.diagnostics)),
  );
  if (broken.length > 0) return broken;
  const file = typeof details?.['schema'] === 'string' ? details['schema'] : path;
  const found = Array.isArray(details?.['problems']) ? details['problems'].filter(isSchemaProblem) : [];
  const document = documents.get(file);
  if (found.length === 0) return problem(file, message).problems;
  return found.map(({ path: at, part, message: text }) => {
    const range = (document && (locate(document, at, part) ?? locate(document, at))) ?? beginning;
    return { file, rule: 'schema', severity: 'error', message: text, path: at, range };
  });
}

function isSchemaProblem(value: unknown): value is SchemaProblem {
  return typeof value === 'object' && value !== null && 'part' in value && 'path' in value;
}

function problem(file: RepoPath, message: string): { readonly problems: readonly Problem[] } {
  return { problems: [{ file, rule: 'schema', severity: 'error', message, range: beginning }] };
}

/** The first place of a file. */
export const beginning: SourceRange = {
  start: { offset: 0, line: 1, column: 1 },
  end: { offset: 0, line: 1, column: 1 },
};

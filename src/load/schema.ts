import { parseDocument, valueOf, type ConfigObject, type ConfigValue } from '../doc/index.js';
import { ConfigError } from '../errors.js';
import type { CompiledSchema } from '../schema/index.js';
import { invalid, syntaxProblems } from './invalid.js';
import type { ConfigFiles } from './types.js';
import { withFiles } from './with-files.js';

interface Compiled {
  readonly schema: CompiledSchema;
  /** The text of every file that went into it, and of those that were missing. */
  readonly texts: ReadonlyMap<string, string | undefined>;
}

const maxCompiled = 50;
/** By the path of the schema. Compiling costs far more than comparing texts, and schemas seldom change. */
const compiled = new Map<string, Compiled>();

/**
 * The schema in a file, with the files that it refers to; compiled anew only when one of them has changed. Throws E_INVALID for a schema
 * that does not exist, does not parse or is none, and what reading throws. The validator is only loaded now: most programs start
 * without it.
 */
export async function readSchema(files: ConfigFiles, path: string): Promise<CompiledSchema> {
  const known = compiled.get(path);
  if (known !== undefined && (await isCurrent(known, files))) return known.schema;
  const fresh = await compile(files, path);
  compiled.delete(path);
  compiled.set(path, fresh);
  const [oldest] = compiled.keys();
  if (compiled.size > maxCompiled && oldest !== undefined) compiled.delete(oldest);
  return fresh.schema;
}

const compiledObjects = new WeakMap<ConfigObject, CompiledSchema>();

/** A schema that is no file; its references stay inside of it. Throws E_INVALID for one that is none. */
export async function compileObject(schema: ConfigObject): Promise<CompiledSchema> {
  const { compileSchema } = await import('../schema/index.js');
  const known = compiledObjects.get(schema) ?? compileSchema(schema, { id: 'schema' });
  compiledObjects.set(schema, known);
  return known;
}

async function isCurrent({ texts }: Compiled, files: ConfigFiles): Promise<boolean> {
  for (const [path, text] of texts) if ((await files.read(path)) !== text) return false;
  return true;
}

async function compile(files: ConfigFiles, path: string): Promise<Compiled> {
  const { compileSchema } = await import('../schema/index.js');
  const { built, texts } = await fromTexts(files, path, (root, options) =>
    compileSchema(root, { ...options, ...(files.code && { kept: files.code }) }),
  );
  return { schema: built, texts };
}

/** The TypeScript declaration of a schema, as a type of that name. Throws what {@link readSchema} throws. */
export async function declareSchema(files: ConfigFiles, path: string, name: string): Promise<string> {
  const { declarationOf } = await import('../schema/index.js');
  return (await fromTexts(files, path, (root, options) => declarationOf(root, { ...options, name }))).built;
}

interface Resolving {
  readonly id: string;
  readonly resolve: (path: string) => ConfigValue | undefined;
}

async function fromTexts<T>(
  files: ConfigFiles,
  path: string,
  build: (root: ConfigValue, options: Resolving) => T,
): Promise<{ readonly built: T; readonly texts: Compiled['texts'] }> {
  const texts = new Map<string, string | undefined>([[path, await files.read(path)]]);
  const root = valueIn(path, texts.get(path));
  if (root === undefined) throw missingSchema(path);
  const built = await withFiles(texts, {
    read: (other) => files.read(other),
    build: (text) => build(root, { id: path, resolve: (other) => valueIn(other, text(other)) }),
  });
  return { built, texts };
}

function valueIn(path: string, text: string | undefined): ConfigValue | undefined {
  if (text === undefined) return undefined;
  const document = parseDocument(text, { path });
  if (!document.valid) throw invalid(`schema '${path}'`, syntaxProblems(document, path));
  return valueOf(document);
}

function missingSchema(path: string): ConfigError {
  return new ConfigError('E_INVALID', `schema '${path}' does not exist`, {
    hint: 'create it, or correct its path in cfg.yaml',
    details: { schema: path },
  });
}

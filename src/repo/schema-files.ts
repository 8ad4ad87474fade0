import {
  formatAddress,
  isList,
  locate,
  parseAddress,
  valueOf,
  type ConfigDocument,
  type ConfigObject,
  type ConfigValue,
  type KeyPath,
  type Position,
} from '../doc/index.js';
import { ConfigError, isConfigError, shellWord } from '../errors.js';
import { inferSchema } from '../schema/index.js';
import type { RepoPath } from '../store/index.js';
import { compareSchemas, type SchemaSource } from '../version/index.js';
import { fileOf, type RepositoryContext } from './context.js';
import { parsed, readFile } from './get.js';
import { plainProblem } from './problems.js';
import { schemaFrom } from './schema-sources.js';
import { Schemas, type ReadFile } from './schemas.js';
import type { SchemaCheckAnswer } from './types.js';

/**
 * What configuration that satisfies one version of a schema may break in another; both as `[REV:]FILE`. Throws E_FILE_NOT_FOUND, E_INVALID (a file
 * that does not parse, or is no schema), E_REVISION_NOT_FOUND, E_BAD_PATH.
 */
export async function checkSchema(
  context: RepositoryContext,
  before: string,
  after: string,
): Promise<SchemaCheckAnswer> {
  const [old, now] = [await readSchema(context, before), await readSchema(context, after)];
  const refer = { before: old.schema.refer, after: now.schema.refer };
  const changes = compareSchemas(old.schema.value, now.schema.value, refer).map(
    ({ path, at, severity, message }) => {
      const { line, column } = positionOf(now.document, at);
      return { file: now.file, line, column, path, severity, message };
    },
  );
  return { compatible: !changes.some(({ severity }) => severity === 'error'), changes };
}

/** A draft of a schema that these files satisfy, as `[REV:]FILE`; each document of a YAML stream is an example. Throws as {@link checkSchema}. */
export async function draftSchema(
  context: RepositoryContext,
  addresses: readonly string[],
): Promise<ConfigObject> {
  const examples: ConfigValue[] = [];
  for (const address of addresses) {
    const { document } = await readDocument(context, address);
    const value = valueOf(document);
    const several = (document.tree?.documents.length ?? 1) > 1;
    examples.push(...(several && isList(value) ? value : [value]));
  }
  return inferSchema(examples);
}

interface ReadDocument {
  readonly document: ConfigDocument;
  readonly file: RepoPath;
  readonly revision: string | undefined;
}

async function readDocument(context: RepositoryContext, address: string): Promise<ReadDocument> {
  const parts = parseAddress(address);
  const { file: typed, revision, path } = parts;
  if (path !== undefined)
    throw new ConfigError('E_USAGE', `'${address}' is a key; a whole file is needed`, {
      hint: `name the file: ${shellWord(formatAddress({ file: typed, ...(revision !== undefined && { revision }) }))}`,
    });
  const file = fileOf(context, parts);
  return { document: parsed(file, await readFile(context, file, revision)), file, revision };
}

interface ReadSchema {
  readonly document: ConfigDocument;
  readonly file: RepoPath;
  readonly schema: SchemaSource;
}

/** A schema with the files that it refers to as they are there. Throws E_INVALID for what is none, by itself or with them. */
async function readSchema(context: RepositoryContext, address: string): Promise<ReadSchema> {
  const { document, file, revision } = await readDocument(context, address);
  const read: ReadFile = async (path) => {
    try {
      return await readFile(context, path, revision);
    } catch (error) {
      if (isConfigError(error, 'E_FILE_NOT_FOUND')) return undefined;
      throw error;
    }
  };
  const loaded = await new Schemas({ read, code: context.store.code }).get(file);
  const schema = 'problems' in loaded ? undefined : await schemaFrom(read, file);
  if (schema !== undefined) return { document, file, schema };
  throw new ConfigError('E_INVALID', `'${file}' is no schema to compare`, {
    hint: 'correct the schema first',
    details: { problems: 'problems' in loaded ? loaded.problems.map(plainProblem) : [] },
  });
}

/** Of what is not there, what would hold it. */
function positionOf(document: ConfigDocument, path: KeyPath): Position {
  const range = locate(document, path, 'key') ?? locate(document, path);
  if (range !== undefined) return range.start;
  return path.length === 0 ? { offset: 0, line: 1, column: 1 } : positionOf(document, path.slice(0, -1));
}

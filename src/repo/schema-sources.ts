/** Schemas of a tree, each with the files that it refers to. */
import { isMap, valueOf, type ConfigValue } from '../doc/index.js';
import { isConfigError } from '../errors.js';
import { collectSchemas, type SchemaFile } from '../schema/index.js';
import type { Settings } from '../settings/index.js';
import { withFiles } from '../load/index.js';
import type { RepoPath } from '../store/index.js';
import type { SchemaSource } from '../version/index.js';
import { documentOf } from './documents.js';
import type { ReadFile } from './schemas.js';

/** A schema that can be compared with another version of it, and the paths of all files that it consists of. */
export interface TreeSchema extends SchemaSource {
  readonly files: ReadonlySet<RepoPath>;
}

/** What files and stacks must satisfy, as the settings name it. */
export function schemasOfSettings({ schemas, stacks }: Settings): ReadonlySet<RepoPath> {
  const ofStacks = [...stacks.values()].flatMap(({ schema }) => schema ?? []);
  return new Set([...schemas.map(({ schema }) => schema), ...ofStacks]);
}

/** Undefined where there is no such file or it does not parse. A schema whose references lead nowhere stands for itself. */
export async function schemaFrom(read: ReadFile, path: RepoPath): Promise<TreeSchema | undefined> {
  const value = await valueAt(read, path);
  if (value === undefined) return undefined;
  try {
    const files = await withFiles(new Map([[path, value]]), {
      read: (other) => valueAt(read, other),
      build: (file) => collectSchemas(path, value, file),
    });
    return { value, refer: referTo(files), files: new Set(files.map((file) => file.path)) };
  } catch (error) {
    if (!isConfigError(error, 'E_INVALID')) throw error;
    return { value, refer: () => undefined, files: new Set([path]) };
  }
}

async function valueAt(read: ReadFile, path: RepoPath): Promise<ConfigValue | undefined> {
  const data = await read(path);
  const document = data && documentOf(path, data);
  return document?.valid === true ? valueOf(document) : undefined;
}

/** References are relative to the `$id` of the file, or to its path. */
function referTo(files: readonly SchemaFile[]): SchemaSource['refer'] {
  const byUri = new Map(files.map((file) => [file.uri, file.schema]));
  const baseOf = new Map(files.map(({ uri, schema }) => [schema, baseUri(uri, schema)]));
  return (from, reference) => {
    const base = baseOf.get(from);
    if (base === undefined || !URL.canParse(reference, base)) return undefined;
    return byUri.get(new URL(reference, base).href);
  };
}

function baseUri(uri: string, schema: ConfigValue): string {
  const { $id: id } = isMap(schema) ? schema : {};
  return typeof id === 'string' && URL.canParse(id, uri) ? new URL(id, uri).href : uri;
}

/** Schemas of a tree, each with the files that it refers to. */
import { isMap, valueOf, type ConfigValue } from '../doc/index.js';
import { isConfigError } from '../errors.js';
import { collectSchemas, type SchemaFile } from '../schema/index.js';
import type { Settings } from '../settings/index.js';
import { findFile, readBlob, type Oid, type RepoPath, type Store } from '../store/index.js';
import type { SchemaSource } from '../version/index.js';
import { documentOf } from './documents.js';

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
export async function schemaIn(
  store: Store,
  tree: Oid | null,
  path: RepoPath,
): Promise<TreeSchema | undefined> {
  const values = new Map<RepoPath, ConfigValue | undefined>();
  const read = async (file: RepoPath): Promise<void> =>
    void values.set(file, await valueAt(store, tree, file));
  await read(path);
  const value = values.get(path);
  if (value === undefined) return undefined;
  for (;;) {
    const wanted: RepoPath[] = [];
    try {
      const files = collectSchemas(path, value, (other) => {
        if (!values.has(other)) wanted.push(other);
        return values.get(other);
      });
      return { value, refer: referTo(files), files: new Set(files.map((file) => file.path)) };
    } catch (error) {
      if (!isConfigError(error, 'E_INVALID')) throw error;
      if (wanted.length === 0) return { value, refer: () => undefined, files: new Set([path]) };
    }
    for (const other of wanted) await read(other);
  }
}

async function valueAt(store: Store, tree: Oid | null, path: RepoPath): Promise<ConfigValue | undefined> {
  const entry = tree === null ? undefined : await findFile(store, tree, path);
  const document = entry && documentOf(path, await readBlob(store, entry.oid));
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

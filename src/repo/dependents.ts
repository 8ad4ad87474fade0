import { isMap, matchPath, valueOf, type ConfigDocument } from '../doc/index.js';
import { isConfigFile, type Settings } from '../settings/index.js';
import type { Oid, RepoPath, Store } from '../store/index.js';
import { readFromTree } from './check.js';
import { documentOf } from './documents.js';
import { namedSchemas } from './named-schema.js';
import { Schemas } from './schemas.js';

interface Change {
  readonly tree: Oid;
  readonly settings: Settings;
  readonly changed: ReadonlySet<RepoPath>;
  /** Every path of the tree. */
  readonly all: readonly RepoPath[];
}

/** The changed files, and those whose answer depends on one of them: on their schema, what it refers to, or what they refer to. */
export async function withDependents(store: Store, change: Change): Promise<ReadonlySet<RepoPath>> {
  const finder = new Dependents(store, change);
  return new Set([...change.changed, ...(await finder.bySettings()), ...(await finder.byName())]);
}

class Dependents {
  private readonly schemas: Schemas;
  private readonly read: ReturnType<typeof readFromTree>;
  private readonly change: Change;

  constructor(store: Store, change: Change) {
    this.change = change;
    this.read = readFromTree(store, change.tree);
    this.schemas = new Schemas({ read: this.read, code: store.code });
  }

  /** Files of schemas in `cfg.yaml`; where a schema has paths in it, any changed file may be one of them. */
  async bySettings(): Promise<readonly RepoPath[]> {
    const { settings, all } = this.change;
    const affected: RepoPath[] = [];
    for (const { files, schema } of settings.schemas) {
      if (!(await this.hasChanged(schema))) continue;
      affected.push(...all.filter((path) => matchPath(files, path)));
    }
    return affected;
  }

  /** Files that name their schema themselves; they are only looked for when something that looks like a schema has changed. */
  async byName(): Promise<readonly RepoPath[]> {
    const { settings, all, changed } = this.change;
    if (!(await this.someSchemaChanged())) return [];
    const affected: RepoPath[] = [];
    for (const path of all) {
      if (changed.has(path) || !isConfigFile(settings, path)) continue;
      const document = await this.document(path, '$schema');
      if (document === undefined) continue;
      for (const named of namedSchemas(path, document))
        if (named.path !== undefined && (await this.hasChanged(named.path))) affected.push(path);
    }
    return affected;
  }

  /** A schema that cannot be used has all its files looked at. */
  private async hasChanged(path: RepoPath): Promise<boolean> {
    const { changed } = this.change;
    if (changed.has(path)) return true;
    const loaded = await this.schemas.get(path);
    if (!('schema' in loaded)) return true;
    return loaded.schema.refersToFiles || loaded.schema.files.some((file) => changed.has(file));
  }

  private async someSchemaChanged(): Promise<boolean> {
    for (const path of this.change.changed) {
      const document = await this.document(path);
      if (document === undefined || !document.valid) continue;
      const value = valueOf(document);
      if (isMap(value) && schemaKeys.some((key) => Object.hasOwn(value, key))) return true;
    }
    return false;
  }

  private async document(path: RepoPath, mark = ''): Promise<ConfigDocument | undefined> {
    const data = await this.read(path);
    if (
      data === undefined ||
      (mark !== '' && !Buffer.from(data.buffer, data.byteOffset, data.length).includes(mark))
    )
      return undefined;
    return documentOf(path, data);
  }
}

const schemaKeys = ['$defs', 'definitions', 'properties', 'allOf', 'anyOf', 'oneOf', '$id', '$ref', 'items'];

import { matchPath, type ConfigDocument, type KeyPath } from '../doc/index.js';
import { isConfigError } from '../errors.js';
import { documentMask, maskChange, type Config } from '../load/index.js';
import { parseSettings, type LayerSpec, type Settings, type Stack } from '../settings/index.js';
import type { Oid, RepoPath } from '../store/index.js';
import { readFromTree } from './check.js';
import type { ChangedFile } from './compare.js';
import type { RepositoryContext } from './context.js';
import { documentOf } from './documents.js';
import { namedSchemas } from './named-schema.js';
import { Schemas } from './schemas.js';
import { settingsOfTree } from './settings.js';
import type { FileDiff } from './types.js';

/** What masks the values of a file, as they may be shown. */
export type FileMask = Pick<Config, 'mask'>;

/** Finds the mask of a file. */
type MaskOf = (path: RepoPath, document: ConfigDocument) => Promise<FileMask>;

interface Side {
  readonly settings: Settings;
  readonly schemas: Schemas;
}

/**
 * How to mask the values of files: what looks secret, and what one of the trees marks as `writeOnly`, in the schemas of the file itself or in
 * those of a stack that it may be a layer of.
 */
export async function fileMasks(context: RepositoryContext, trees: readonly (Oid | null)[]): Promise<MaskOf> {
  const sides: Side[] = [];
  for (const tree of new Set(trees))
    sides.push({
      settings: await readableSettings(context, tree),
      schemas: new Schemas({ read: readFromTree(context.store, tree), code: context.store.code }),
    });
  return async (path, document) => {
    const marks: ((key: KeyPath) => boolean)[] = [];
    for (const { settings, schemas } of sides)
      for (const name of schemasFor(path, document, settings)) {
        const loaded = await schemas.get(name);
        if ('schema' in loaded) marks.push(loaded.schema.isWriteOnly);
      }
    const several = (document.tree?.documents.length ?? 1) > 1;
    const inDocument = (key: KeyPath): KeyPath => (several ? key.slice(1) : key);
    return documentMask(document, (key) => marks.some((isWriteOnly) => isWriteOnly(inDocument(key))));
  };
}

/** The differences of a file as they may be shown: what one side has as a secret is none of the other's to tell. */
export async function maskedDiff(found: FileDiff, read: ChangedFile, maskOf: MaskOf): Promise<FileDiff> {
  if (found.changes.length === 0) return found;
  const { path, from = path, before, after } = read;
  const old = before && documentOf(from, before.data);
  const now = after && documentOf(path, after.data);
  const sides = [
    ...(old === undefined ? [] : [await maskOf(from, old)]),
    ...(now === undefined ? [] : [await maskOf(path, now)]),
  ];
  return { ...found, changes: found.changes.map((change) => maskChange(change, sides)) };
}

/** Settings that do not parse name no schemas: they are what the change is about, or what it mends. */
async function readableSettings(context: RepositoryContext, tree: Oid | null): Promise<Settings> {
  try {
    return await settingsOfTree(context, tree);
  } catch (error) {
    if (isConfigError(error, 'E_SETTINGS', 'E_INVALID')) return parseSettings(undefined);
    throw error;
  }
}

function schemasFor(path: RepoPath, document: ConfigDocument, settings: Settings): readonly RepoPath[] {
  const own = settings.schemas.filter(({ files }) => matchPath(files, path)).map(({ schema }) => schema);
  const named = namedSchemas(path, document).flatMap((found) => found.path ?? []);
  const ofStacks = [...settings.stacks.values()]
    .filter((stack) => mayRead(stack, path))
    .flatMap(({ schema }) => schema ?? []);
  return [...new Set([...own, ...named, ...ofStacks])];
}

function mayRead({ layers }: Pick<Stack, 'layers'>, path: RepoPath): boolean {
  return layers.some((layer) => {
    if (layer.kind === 'failover') return mayRead(layer, path);
    return 'path' in layer && layer.kind !== 'git' && matchPath(globOf(layer), path);
  });
}

/** Whatever the values of its variables are. */
function globOf({ kind, path }: Extract<LayerSpec, { readonly path: unknown }>): string {
  const glob = path.map((piece) => (typeof piece === 'string' ? piece : '*')).join('');
  return kind === 'folder' ? `${glob}/*` : glob;
}

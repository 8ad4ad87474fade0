import { readText, wrong, type Cursor } from './reader.js';
import type { LayerSpec, Settings, Stack, Template } from './types.js';

/** Reads `root`: the plain path of a folder, without the slash that it may end in. */
export function readRoot(cursor: Cursor): string | undefined {
  const folder = readText(cursor)?.replace(/\/$/, '');
  if (folder === undefined) return undefined;
  if (/[*?[\]{}()!#\\$]/.test(folder))
    return wrong(cursor, 'must be the path of one folder', 'as in deploy/config, without wildcards');
  if (folder.split('/').some((step) => ['', '.', '..'].includes(step)))
    return wrong(
      cursor,
      'must be a folder inside of the repository',
      'as in deploy/config; leave it out for the whole repository',
    );
  return folder;
}

/**
 * Settings with every path and glob from the root of the repository, as everything but the file itself has them. Whatever is made of
 * them later need not know that there is a folder.
 *
 * @param settings as written: relative to `root`
 * @param given whether the file says what counts as configuration
 */
export function underRoot(settings: Settings, given: { readonly files: boolean }): Settings {
  const { root } = settings;
  if (root === '') return settings;
  const inside = (path: string): string => `${root}/${path}`;
  const at = <Rule extends { readonly at: string }>(rule: Rule): Rule => ({ ...rule, at: inside(rule.at) });
  const files = settings.files.map((glob) =>
    glob.startsWith('!') ? `!${inside(glob.slice(1))}` : inside(glob),
  );
  return {
    ...settings,
    // The settings themselves are configuration, wherever the rest stands.
    files: given.files ? files : ['cfg.yaml', ...files],
    schemas: settings.schemas.map((rule) => ({ files: inside(rule.files), schema: inside(rule.schema) })),
    rules: new Map(
      [...settings.rules].map(([id, rule]) => [id, { ...rule, except: rule.except.map(inside) }]),
    ),
    merge: {
      ...settings.merge,
      lists: settings.merge.lists.map(at),
      strategies: settings.merge.strategies.map(at),
    },
    stacks: new Map([...settings.stacks].map(([name, stack]) => [name, stackUnder(root, stack)])),
  };
}

function stackUnder(root: string, stack: Stack): Stack {
  const { layers, schema } = stack;
  return {
    ...stack,
    layers: layers.map((layer) => layerUnder(root, layer)),
    ...(schema !== undefined && { schema: `${root}/${schema}` }),
  };
}

/** The text of a layer stays as it is written: messages are about the file. */
function layerUnder(root: string, layer: LayerSpec): LayerSpec {
  switch (layer.kind) {
    case 'file':
    case 'folder':
    case 'glob':
    case 'git':
      return { ...layer, path: [`${root}/`, ...layer.path] satisfies Template };
    case 'failover':
      return { ...layer, layers: layer.layers.map((one) => layerUnder(root, one)) };
    default:
      return layer;
  }
}

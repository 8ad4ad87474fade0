import {
  formatKeyPath,
  isMap,
  parseDocument,
  sharedLeaves,
  valueOf,
  type ConfigDocument,
  type KeyPath,
} from '../../doc/index.js';
import { environmentLayer, hasUnset, type LayerInput } from '../../layer/index.js';
import { givenLayer } from '../given.js';
import { Recent } from '../recent.js';
import { placeIn, syntaxProblems } from '../invalid.js';
import type { Problem } from '../types.js';
import type { SourceDocument } from './types.js';

export type ReadLayer = LayerInput;

/** A layer, or what keeps the document from being one. */
export type LayerResult = { readonly layer: ReadLayer } | { readonly problems: readonly Problem[] };

const parsed = new Recent<string, LayerResult>(200);

/** The layer that a document of a source makes. */
export function layerOf(document: SourceDocument): LayerResult {
  if ('text' in document) {
    const { name, text, format = '', file = '', url = '' } = document;
    return parsed.get([name, format, file, url].join('\n'), text, () => textLayer(document));
  }
  if ('variables' in document) {
    const { name, prefix, variables: env, files = new Map() } = document;
    return { layer: environmentLayer({ name, prefix, env, files }) };
  }
  const { name, value, textOnly = false } = document;
  const given = givenLayer(value, name);
  if (!isMap(given)) return { problems: [wholeProblem(name, notAMap)] };
  return { layer: { name, textOnly, value: given } };
}

type TextDocument = Extract<SourceDocument, { readonly text: string }>;

function textLayer({ name, text, format, file, url }: TextDocument): LayerResult {
  const document = parseDocument(text, format === undefined ? { path: pathOf(file ?? name) } : { format });
  if (!document.valid) return { problems: syntaxProblems(document, file ?? name) };
  const value = valueOf(document) ?? {};
  if (!isMap(value)) return { problems: [misshapen(file ?? name, document)] };
  const source = { ...(file !== undefined && { file }), ...(url !== undefined && { url }) };
  return {
    layer: {
      name,
      value,
      textOnly: document.format === 'ini',
      unsets: text.includes('unset') && hasUnset(value),
      place: (path, part) => ({ ...source, ...placeIn(document, path, part) }),
      ...(document.format === 'yaml' && /&[\s\S]*\*/.test(text) && { alike: alikeIn(document) }),
    },
  };
}

/** What aliases lead to has the same value under each of its paths. */
export function alikeIn(document: ConfigDocument): (path: KeyPath) => readonly KeyPath[] {
  let byPath: ReadonlyMap<string, readonly KeyPath[]> | undefined;
  return (path) => {
    byPath ??= new Map(
      sharedLeaves(document).flatMap((paths) => paths.map((each) => [formatKeyPath(each), paths] as const)),
    );
    return byPath.get(formatKeyPath(path)) ?? [];
  };
}

/** The path alone of a file at a revision. */
function pathOf(file: string): string {
  return file.slice(file.indexOf(':') + 1);
}

const notAMap = 'a layer must be a map of keys';

function misshapen(file: string, document: ConfigDocument): Problem {
  const several = (document.tree?.documents.length ?? 1) > 1;
  const problem = wholeProblem(file, several ? 'a layer must be one document, not several' : notAMap);
  return { ...problem, ...placeIn(document, [], 'value') };
}

function wholeProblem(file: string, message: string): Problem {
  return { file, line: 1, column: 1, path: '', rule: 'layer-map', severity: 'error', message };
}

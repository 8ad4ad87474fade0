/** What an edit of a real file must keep. */
import {
  getValue,
  isConfigError,
  locate,
  parseDocument,
  printTree,
  setValue,
  unsetValue,
  type ConfigDocument,
  type ConfigValue,
  type KeyPath,
} from './library.js';
import type { CorpusFile } from './files.js';
import { disagreement, isComparable } from './ini-package.js';
import { placesOf } from './places.js';
import type { Random } from './random.js';

/** One thing tried on one file. */
export interface Trial {
  readonly what: 'round trip' | 'set and set back' | 'insert and unset' | 'read as the ini package does';
  /** Why it failed; absent when it did not. */
  readonly problem?: string;
}

/** How many keys of a file are tried, and a quarter as many maps. */
const keysPerFile = Number(process.env['CFG_CORPUS_KEYS'] ?? 20);
const mapsPerFile = Math.ceil(keysPerFile / 4);

/** Tries a file; `undefined` when it is no text of its format. */
export function tryFile(file: CorpusFile, random: Random): Trial[] | undefined {
  const doc = parseDocument(file.text, { path: file.path });
  if (!doc.tree) return undefined;
  const roundTrip: Trial = {
    what: 'round trip',
    ...(printTree(doc.tree) === file.text ? {} : { problem: 'other bytes' }),
  };
  if (!doc.valid) return [roundTrip];
  const { scalars, maps } = placesOf(doc);
  return [
    roundTrip,
    ...packageTrials(file, doc),
    ...random
      .sample(scalars, keysPerFile)
      .map((path) => attempt('set and set back', () => setAndBack(doc, path))),
    ...random
      .sample(maps, mapsPerFile)
      .map((path) => attempt('insert and unset', () => insertAndUnset(doc, path))),
  ];
}

function packageTrials(file: CorpusFile, doc: ConfigDocument): Trial[] {
  return isComparable(file) ? [attempt('read as the ini package does', () => disagreement(doc))] : [];
}

function attempt(what: Trial['what'], run: () => string | undefined): Trial {
  try {
    const problem = run();
    return problem === undefined ? { what } : { what, problem };
  } catch (error) {
    if (!isConfigError(error)) throw error;
    return { what, problem: `${error.code} ${error.message}` };
  }
}

/** Every value is set to something else, read anew, and set back as it was. */
function setAndBack(doc: ConfigDocument, path: KeyPath): string | undefined {
  const before = getValue(doc, path);
  if (before === undefined) return `${JSON.stringify(path)}: no value`;
  const changed = setValue(doc, path, otherThan(before));
  const outside = changesOutside(doc, changed, path);
  if (outside) return `${JSON.stringify(path)}: ${outside}`;
  const back = setValue(parseDocument(changed.text, doc.options), path, before, { like: doc });
  return back.text === doc.text ? undefined : `${JSON.stringify(path)}: not back to the same bytes`;
}

function otherThan(value: ConfigValue): ConfigValue {
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'boolean') return !value;
  return typeof value === 'string' && value.includes('\n') ? 'other:\n  # text\nno' : 'no: "other" #text';
}

/** Whether bytes changed that are not the entry's. */
function changesOutside(doc: ConfigDocument, changed: ConfigDocument, path: KeyPath): string | undefined {
  const entry = locate(doc, path, path.length === 0 ? 'value' : 'entry');
  if (!entry) return 'no place';
  const before = doc.text.slice(0, entry.start.offset);
  const after = doc.text.slice(entry.end.offset);
  if (!changed.text.startsWith(before)) return 'bytes before the entry changed';
  return changed.text.endsWith(after) ? undefined : 'bytes after the entry changed';
}

/** A new key in a map, read anew, and taken out again. */
function insertAndUnset(doc: ConfigDocument, path: KeyPath): string | undefined {
  const key = [...path, 'cfgCorpusKey'];
  const inserted = setValue(doc, key, 'new');
  const back = unsetValue(parseDocument(inserted.text, doc.options), key);
  return back.text === doc.text ? undefined : `${JSON.stringify(path)}: not back to the same bytes`;
}

import { formatOf, parseDocument, reparseDocument, type ConfigDocument } from '../doc/index.js';
import { readBlob, type FileEntry, type FileMode, type RepoPath, type Store } from '../store/index.js';
import { textOf } from './text.js';

/** Reads a file entry as a document; undefined for what is none: another format, binary content, a symlink, a submodule. */
export type DocumentReader = (entry: FileEntry) => Promise<ConfigDocument | undefined>;

/** Documents that one operation keeps. */
const mostKept = 2_000;

/**
 * A reader that parses each content once, however often one operation asks for it, and of the versions of a file little more than
 * what changed.
 */
export function documentReader(store: Store): DocumentReader {
  const parsed = new Map<string, ConfigDocument | undefined>();
  const last = new Map<RepoPath, ConfigDocument>();
  return async (entry) => {
    const format = isFile(entry) ? formatOf(entry.path) : undefined;
    if (format === undefined) return undefined;
    const key = `${format} ${entry.oid}`;
    if (parsed.has(key)) return parsed.get(key);
    const data = await readBlob(store, entry.oid);
    const document = versionOf(entry.path, data, last.get(entry.path));
    if (document !== undefined) last.set(entry.path, document);
    if (parsed.size >= mostKept) parsed.clear();
    parsed.set(key, document);
    return document;
  };
}

/** Bytes as a document; undefined for what is none. */
export function documentOf(path: RepoPath, data: Uint8Array): ConfigDocument | undefined {
  return versionOf(path, data, undefined);
}

/** {@link documentOf}, sooner where another version of the file was read before. */
export function versionOf(
  path: RepoPath,
  data: Uint8Array,
  previous: ConfigDocument | undefined,
): ConfigDocument | undefined {
  const format = formatOf(path);
  const text = format && textOf(data);
  if (format === undefined || text === undefined) return undefined;
  const isVersion = previous?.format === format && previous.options.path === path;
  return isVersion ? reparseDocument(previous, text) : parseDocument(text, { path, format });
}

/** Whether an entry has content of its own: no link, no submodule. */
export function isFile<Entry extends { readonly mode: FileMode }>(
  entry: Entry,
): entry is Entry & { readonly mode: '100644' | '100755' } {
  return entry.mode === '100644' || entry.mode === '100755';
}

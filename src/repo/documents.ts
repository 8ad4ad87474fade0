import { formatOf, parseDocument, type ConfigDocument } from '../doc/index.js';
import { readBlob, type FileEntry, type RepoPath, type Store } from '../store/index.js';
import { textOf } from './text.js';

/** Reads a file entry as a document; undefined for what is none: another format, binary content, a symlink, a submodule. */
export type DocumentReader = (entry: FileEntry) => Promise<ConfigDocument | undefined>;

/** A reader that parses each content once, however often one operation asks for it. */
export function documentReader(store: Store): DocumentReader {
  const parsed = new Map<string, ConfigDocument | undefined>();
  return async (entry) => {
    const format = isFile(entry) ? formatOf(entry.path) : undefined;
    if (format === undefined) return undefined;
    const key = `${format} ${entry.oid}`;
    if (!parsed.has(key)) parsed.set(key, documentOf(entry.path, await readBlob(store, entry.oid)));
    return parsed.get(key);
  };
}

/** Bytes as a document; undefined for what is none. */
export function documentOf(path: RepoPath, data: Uint8Array): ConfigDocument | undefined {
  const format = formatOf(path);
  const text = format && textOf(data);
  return format === undefined || text === undefined ? undefined : parseDocument(text, { path, format });
}

function isFile({ mode }: FileEntry): boolean {
  return mode === '100644' || mode === '100755';
}

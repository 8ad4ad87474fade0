import type { FileEntry } from '../store/index.js';
import type { Listing } from './types.js';

interface ListingOptions {
  /** The folder, from the root. */
  readonly path: string;
  /** What repository paths are relative to. */
  readonly prefix: string;
  readonly deep: boolean;
}

/** The regular files below a folder, those with a name that begins with a dot left out. */
export function listingOf(files: readonly FileEntry[], { path, prefix, deep }: ListingOptions): Listing {
  const start = path === '' ? '' : `${path}/`;
  const found = files.filter(({ path: file, mode }) => {
    const rest = file.slice(start.length);
    const wanted = file.startsWith(start) && mode !== '120000' && mode !== '160000';
    return wanted && (deep || !rest.includes('/')) && !/(?:^|\/)\./.test(rest);
  });
  return { files: found.map(({ path: file }) => file.slice(prefix.length)).toSorted(), folders: [] };
}

import type { ConfigFiles } from '../types.js';
import type { LookedAt } from './types.js';

/** What one reading depends on, written down while it runs. */
export interface Looks {
  readonly look: (place: LookedAt) => void;
  /** Each place once, in a fixed order. */
  readonly places: () => readonly LookedAt[];
}

export function recordLooks(): Looks {
  const known = new Map<string, LookedAt>();
  return {
    look: (place) => known.set(JSON.stringify(place), place),
    places: () => [...known].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, place]) => place),
  };
}

/** Files that can tell what a path of them depends on. */
export interface LocatedFiles extends ConfigFiles {
  readonly placeOf: (path: string, kind: 'file' | 'folder') => LookedAt;
  /** What reading at a revision depends on. */
  readonly revisionPlace: (revision: string) => LookedAt;
}

/** The same files, telling `look` what is asked of them before it is answered. */
export function recordingFiles(files: LocatedFiles, look: Looks['look']): ConfigFiles {
  const { placeOf, readAt, revisionPlace } = files;
  return {
    read: (path) => {
      look(placeOf(path, 'file'));
      return files.read(path);
    },
    list: async (folder, deep) => {
      look(placeOf(folder, 'folder'));
      const listing = await files.list(folder, deep);
      for (const inner of listing.folders) look(placeOf(inner, 'folder'));
      return listing;
    },
    ...(readAt !== undefined && {
      readAt: (revision, path) => {
        look(revisionPlace(revision));
        return readAt(revision, path);
      },
    }),
  };
}

import { formatOf, matchPath } from '../../doc/index.js';
import { ConfigError } from '../../errors.js';
import type { ConfigFiles } from '../types.js';
import type { ConfigSource, SourceContent, SourceDocument } from './types.js';

/** A source without the options that any source has. */
export type Reader = Pick<ConfigSource, 'name' | 'kind' | 'read' | 'fallback'>;

/** One file. */
export function fileSource(files: ConfigFiles, path: string): Reader {
  return { name: path, kind: 'file', read: async () => contentOf(await documentsOf(files, [path])) };
}

/** A file as it is at a revision. */
export function gitSource(files: ConfigFiles, revision: string, path: string): Reader {
  const file = `${revision}:${path}`;
  return {
    name: `git:${file}`,
    kind: 'git',
    read: async () => {
      if (files.readAt === undefined)
        throw new ConfigError(
          'E_SOURCE',
          `'git:${file}' is read from a revision, and there is no repository`,
        );
      const text = await files.readAt(revision, path);
      return contentOf(text === undefined ? [] : [{ name: `git:${file}`, file, text }]);
    },
  };
}

/** The configuration files directly in a folder, by name; each is a layer. */
export function folderSource(files: ConfigFiles, folder: string): Reader {
  return {
    name: `${folder}/`,
    kind: 'folder',
    read: async () => {
      const listing = await files.list(folder, false);
      return contentOf(await documentsOf(files, listing.files.filter(isDocument)));
    },
  };
}

/** The configuration files that match a glob, by path; each is a layer. */
export function globSource(files: ConfigFiles, glob: string): Reader {
  return {
    name: glob,
    kind: 'glob',
    read: async () => {
      const listing = await files.list(baseOf(glob), /\*\*|[*{].*\//.test(glob));
      const paths = listing.files.filter((path) => isDocument(path) && matchPath(glob, path));
      return contentOf(await documentsOf(files, paths));
    },
  };
}

function isDocument(path: string): boolean {
  return formatOf(path) !== undefined;
}

/** The folder that everything a glob matches is in. */
function baseOf(glob: string): string {
  const steps = glob.split('/');
  const first = steps.findIndex((step) => /[*{?[]/.test(step));
  return steps.slice(0, first < 0 ? -1 : first).join('/');
}

async function documentsOf(files: ConfigFiles, paths: readonly string[]): Promise<readonly SourceDocument[]> {
  const documents: SourceDocument[] = [];
  for (const path of paths) {
    const text = await files.read(path);
    if (text !== undefined) documents.push({ name: path, file: path, text });
  }
  return documents;
}

function contentOf(documents: readonly SourceDocument[]): SourceContent | undefined {
  return documents.length === 0 ? undefined : { documents };
}

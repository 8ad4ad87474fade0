/** The configuration files below a folder. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface CorpusFile {
  /** Relative to the folder, with `/`. */
  readonly path: string;
  readonly format: 'yaml' | 'json' | 'ini';
  readonly text: string;
}

/** Every `.yaml`, `.yml`, `.json`, `.ini` and `.cfg` file, sorted by path. */
export function corpusFiles(root: string): CorpusFile[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((path) => /\.(?:ya?ml|json|ini|cfg)$/.test(path) && !path.includes('node_modules/'))
    .toSorted()
    .map((path) => ({ path, format: formatOf(path), text: readFileSync(join(root, path), 'utf8') }));
}

function formatOf(path: string): CorpusFile['format'] {
  if (path.endsWith('.json')) return 'json';
  return /\.ya?ml$/.test(path) ? 'yaml' : 'ini';
}

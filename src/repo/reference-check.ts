import { isConfigError } from '../errors.js';
import { formatKeyPath, lookup, parseKeyPath, valueOf, type KeyPath } from '../doc/index.js';
import type { DocumentReference } from '../schema/index.js';
import type { RepoPath } from '../store/index.js';
import { documentOf } from './documents.js';
import { pathFrom } from './path-from.js';
import type { Problem } from './problems.js';
import type { ReadFile } from './schemas.js';

/**
 * Values of the format `cfg-path` that name nothing: `FILE` or `FILE#KEY`, the file from the root of the repository, or with `./` or `../` from
 * the folder of the file that names it; `#KEY` alone is a key of the same file.
 */
export async function danglingReferences(
  file: RepoPath,
  references: readonly DocumentReference[],
  read: ReadFile,
): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  for (const { path, target, range } of references) {
    const reason = await whyDangling(file, target, read);
    if (reason !== undefined)
      problems.push({
        file,
        rule: 'reference',
        severity: 'error',
        message: `'${formatKeyPath(path)}' ${reason}`,
        path,
        range,
      });
  }
  return problems;
}

async function whyDangling(file: RepoPath, target: string, read: ReadFile): Promise<string | undefined> {
  const hash = target.indexOf('#');
  const [named, key] = hash < 0 ? [target, undefined] : [target.slice(0, hash), target.slice(hash + 1)];
  const path = named === '' ? file : pathFrom(/^\.\.?(?:\/|$)/.test(named) ? file : '', named);
  if (target === '' || path === undefined) return 'names no file of the repository';
  const data = await read(path);
  if (data === undefined) return 'names a file that does not exist';
  if (key === undefined) return undefined;
  const keyPath = readKeyPath(key);
  if (keyPath === undefined) return 'names a key in a way that cfg cannot read';
  const document = documentOf(path, data);
  if (document?.valid !== true) return 'names a key in a file that has none';
  return lookup(valueOf(document), keyPath) === undefined ? 'names a key that does not exist' : undefined;
}

function readKeyPath(key: string): KeyPath | undefined {
  try {
    return parseKeyPath(key);
  } catch (error) {
    if (isConfigError(error, 'E_BAD_PATH')) return undefined;
    throw error;
  }
}

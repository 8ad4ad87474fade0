import { formatKeyPath, type KeyPath } from '../doc/index.js';

/** Which part of a version a change raises. */
export type Bump = 'major' | 'minor' | 'patch' | 'none';

/** What happened to one file. */
export interface FileChanges {
  readonly path: string;
  readonly status: 'added' | 'modified' | 'deleted' | 'renamed';
  /** The old path of a rename. */
  readonly from?: string;
  /** The keys that differ; undefined for a file that is no configuration, or does not parse, but has other bytes. */
  readonly changes?: readonly {
    readonly path: KeyPath;
    readonly kind: 'added' | 'removed' | 'changed' | 'type-changed' | 'moved';
  }[];
}

/** A bump, and the change that decided it, in words. */
export interface VersionBump {
  readonly bump: Bump;
  readonly reason: string;
}

const weight: Readonly<Record<Bump, number>> = { none: 0, patch: 1, minor: 2, major: 3 };

/**
 * The bump that changes of configuration call for: what a reader may miss or misread is major, what is new is minor, another value is
 * patch, nothing but comments and layout is none. The same before 1.0.0 as after it.
 *
 * A configuration file is to its keys as a key to the keys below it: removed or renamed is major, added is minor. An item of a list
 * without an identity is part of the list's value, and a file that is no configuration can only ask for a patch.
 */
export function bumpFor(files: readonly FileChanges[]): VersionBump {
  return files
    .flatMap(bumpsOf)
    .reduce<VersionBump>((most, next) => (weight[next.bump] > weight[most.bump] ? next : most), {
      bump: 'none',
      reason: 'no key changed',
    });
}

function bumpsOf(file: FileChanges): readonly VersionBump[] {
  const { path, status, changes } = file;
  if (changes === undefined) return [{ bump: 'patch', reason: `${path} changed` }];
  if (status === 'added') return [{ bump: 'minor', reason: `${path} was added` }];
  if (status === 'deleted') return [{ bump: 'major', reason: `${path} was removed` }];
  const renamed: readonly VersionBump[] =
    status === 'renamed' ? [{ bump: 'major', reason: `${file.from} was renamed to ${path}` }] : [];
  return [...renamed, ...changes.map((change) => keyBump(path, change))];
}

function keyBump(
  file: string,
  { path, kind }: { readonly path: KeyPath; readonly kind: string },
): VersionBump {
  const where = path.length === 0 ? file : `${file}#${formatKeyPath(path)}`;
  if (kind === 'type-changed') return { bump: 'major', reason: `${where} changed its type` };
  const inList = typeof path.at(-1) === 'number';
  if (kind === 'removed') return { bump: inList ? 'patch' : 'major', reason: `${where} was removed` };
  if (kind === 'added') return { bump: inList ? 'patch' : 'minor', reason: `${where} was added` };
  return { bump: 'patch', reason: `${where} ${kind === 'moved' ? 'moved' : 'changed'}` };
}

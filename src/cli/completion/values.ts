import { readdirSync, readFileSync, statSync, type Dirent } from 'node:fs';
import { join } from 'node:path';
import { isConfigError } from '../../errors.js';
import { openIfAny, type Session } from '../session.js';
import type { Candidate } from './words.js';

/** What an argument or the value of an option can be, by the name that the usage line gives it. */
export async function valuesFor(session: Session, name: string, typed: string): Promise<Candidate[]> {
  const kind = name.replace('…', '').replaceAll(' ', '');
  const [lookUp] = Object.entries(lookUps).flatMap(([kinds, find]) =>
    kinds.split(' ').includes(kind) ? [find] : [],
  );
  if (lookUp === undefined) return [];
  try {
    return await lookUp(session, typed);
  } catch (error) {
    // A word is being typed: whatever is wrong with the repository is said when the command runs.
    if (isConfigError(error)) return [];
    throw error;
  }
}

type LookUp = (session: Session, typed: string) => Promise<Candidate[]>;

const lookUps: Readonly<Record<string, LookUp>> = {
  'REV START REF OURS THEIRS BASE': async (session) => [
    ...(await branches(session)),
    ...(await tags(session)),
  ],
  BRANCH: branches,
  'TAG VERSION RANGE': tags,
  'TAG|BRANCH': async (session) => [...(await branches(session)), ...(await tags(session))],
  'STACK S': stacks,
  ENV: environments,
  REMOTE: remotes,
  'PATH FILE DIR': async ({ cwd }, typed) => files(cwd, typed),
  'ADDRESS FILE[#KEY]': (session, typed) => addresses(session, typed, ['', '#']),
  KEY: keysOfStacks,
  'FILE#KEY': (session, typed) => addresses(session, typed, ['#']),
  LEVEL: async () => ['none', 'basic', 'standard', 'strict'].map((value) => ({ value, about: '' })),
  SHELL: async () => shells.map((value) => ({ value, about: '' })),
};

/** Shells that can complete the words of cfg. */
export const shells = ['bash', 'zsh', 'fish', 'powershell'] as const;

async function branches(session: Session): Promise<Candidate[]> {
  const listed = (await (await openIfAny(session))?.branches())?.branches ?? [];
  return listed.map(({ name, current }) => ({ value: name, about: current ? 'current branch' : 'branch' }));
}

async function tags(session: Session): Promise<Candidate[]> {
  const listed = (await (await openIfAny(session))?.tags())?.tags ?? [];
  return listed.map(({ tag }) => ({ value: tag, about: 'tag' }));
}

async function stacks(session: Session): Promise<Candidate[]> {
  const settings = await (await openIfAny(session))?.settings();
  return [...(settings?.stacks.keys() ?? [])].map((value) => ({ value, about: 'stack' }));
}

async function environments(session: Session): Promise<Candidate[]> {
  const settings = await (await openIfAny(session))?.settings();
  const named = [...(settings?.stacks.values() ?? [])].flatMap(({ matrix }) => matrix.get('env') ?? []);
  return [...new Set(named)].map((value) => ({ value, about: 'environment' }));
}

async function remotes(session: Session): Promise<Candidate[]> {
  const listed = (await (await openIfAny(session))?.remotes())?.remotes ?? [];
  return listed.map(({ name, url }) => ({ value: name, about: url }));
}

/** The entries of the folder that is being typed; a folder ends in `/`. */
function files(cwd: string, typed: string): Candidate[] {
  const folder = typed.slice(0, typed.lastIndexOf('/') + 1);
  return entriesOf(join(cwd, folder))
    .filter(({ name }) => name !== '.git' && (!name.startsWith('.') || typed.slice(folder.length) !== ''))
    .map((entry) => ({
      value: `${folder}${entry.name}${isFolder(cwd, folder, entry) ? '/' : ''}`,
      about: '',
    }))
    .toSorted((a, b) => (a.value < b.value ? -1 : 1));
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return []; // there is no such folder, or it is not for us: nothing to offer
  }
}

function isFolder(cwd: string, folder: string, entry: Dirent): boolean {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  return statSync(join(cwd, folder, entry.name), { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Files, each with these endings; behind a `#` the keys of the file, before a `:` a revision. */
async function addresses(session: Session, typed: string, endings: readonly string[]): Promise<Candidate[]> {
  const at = typed.indexOf('#');
  if (at !== -1) return keys(session, typed.slice(0, at));
  const colon = typed.indexOf(':');
  const revision = typed.slice(0, colon + 1);
  const found =
    colon === -1
      ? files(session.cwd, typed)
      : await filesAt(session, typed.slice(0, colon), typed.slice(colon + 1));
  return found.flatMap(({ value, about }) =>
    (value.endsWith('/') ? [''] : endings).map((ending) => ({ value: revision + value + ending, about })),
  );
}

/** As {@link files}, of a revision. */
async function filesAt(session: Session, revision: string, typed: string): Promise<Candidate[]> {
  const repository = await openIfAny(session);
  if (repository === undefined) return [];
  const { listFiles, readCommit, resolveCommit } = await import('../../store/index.js');
  const { store } = repository;
  const { tree } = await readCommit(store, await resolveCommit(store, revision));
  const folder = typed.slice(0, typed.lastIndexOf('/') + 1);
  const names = (await listFiles(store, tree))
    .filter(({ path }) => path.startsWith(folder))
    .map(({ path }) => folder + (/^[^/]*\/?/.exec(path.slice(folder.length))?.[0] ?? ''));
  return [...new Set(names)].map((value) => ({ value, about: '' }));
}

async function keys(session: Session, address: string): Promise<Candidate[]> {
  const text = address.includes(':') ? await textAt(session, address) : textOf(join(session.cwd, address));
  const found = text === undefined ? [] : await keysIn(text, address.slice(address.indexOf(':') + 1));
  return found.map((key) => ({ value: `${address}#${key}`, about: '' }));
}

async function keysOfStacks(session: Session): Promise<Candidate[]> {
  const repository = await openIfAny(session);
  if (repository === undefined) return [];
  const { filesOfStacks } = await import('./stack-files.js');
  const found = (await filesOfStacks(repository)).map(async (path) => {
    const text = textOf(path);
    return text === undefined ? [] : keysIn(text, path);
  });
  const all = new Set((await Promise.all(found)).flat());
  return [...all].toSorted().map((value) => ({ value, about: '' }));
}

async function keysIn(text: string, path: string): Promise<readonly string[]> {
  const { formatKeyPath, leaves, parseDocument } = await import('../../doc/index.js');
  return leaves(parseDocument(text, { path })).map((leaf) => formatKeyPath(leaf.path));
}

async function textAt(session: Session, address: string): Promise<string | undefined> {
  const repository = await openIfAny(session);
  if (repository === undefined) return undefined;
  const { source } = await repository.get(address);
  const { sourceText } = await import('../source-text.js');
  return sourceText(repository, address, source);
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined; // as with a folder
  }
}

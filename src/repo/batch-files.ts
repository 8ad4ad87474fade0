import { ConfigError } from '../errors.js';
import { formatOf, parseDocument, type ConfigDocument } from '../doc/index.js';
import {
  checkRepoPath,
  MutableTree,
  readBlob,
  type FileEntry,
  type ObjectBatch,
  type Oid,
  type RepoPath,
  type Store,
} from '../store/index.js';
import { edited, requireOneVerb } from './apply-changes.js';
import { documentOf } from './documents.js';
import { noFileAt, parsedToSet } from './get.js';
import type { Change } from './repository.js';
import { encodeText } from './text.js';

/** A file as the batch has it so far. */
interface FileState {
  /** As the last commit of the batch has it; undefined: it is not there. */
  readonly committed: (FileEntry & { readonly data: Uint8Array }) | undefined;
  /** As the next one will have it. */
  readonly data: Uint8Array | undefined;
  readonly mode: FileEntry['mode'];
  /** The same parsed, as long as it is kept. */
  readonly document?: ConfigDocument | undefined;
}

/** A parsed file takes some fifty times the memory of its text, so only those used last are kept. */
const mostDocuments = 2_000;

/** The files of a tree that changes are applied to, one after the other; every file is parsed once, and again only after it was replaced. */
export class BatchFiles {
  private readonly store: Store;
  private readonly tree: MutableTree;
  private readonly states = new Map<RepoPath, FileState>();
  private readonly documents = new Set<RepoPath>();
  private touched = new Set<RepoPath>();

  /** `tree` null: before the first commit. */
  constructor(store: Store, tree: Oid | null) {
    this.store = store;
    this.tree = new MutableTree(store, tree);
  }

  /** The bytes of a file as the next commit will have it; undefined when there is none. */
  async read(path: RepoPath): Promise<Uint8Array | undefined> {
    const known = this.states.get(path);
    if (known !== undefined) return known.data;
    const entry = await this.tree.find(path);
    return entry === undefined || entry.mode === '160000' ? undefined : readBlob(this.store, entry.oid);
  }

  /** Throws E_FILE_NOT_FOUND, E_KEY_NOT_FOUND, E_INVALID, E_BAD_PATH, E_USAGE. */
  async apply(change: Change): Promise<void> {
    const { path } = change;
    checkRepoPath(path);
    const before = await this.stateOf(path);
    this.states.set(path, changed(before, change));
    this.touched.add(path);
    this.forgetDocuments(path);
  }

  /** Files that differ from the last commit: undefined for one that is gone. The list begins anew with each commit. */
  takeChanged(): ReadonlyMap<RepoPath, ChangedContent | undefined> {
    const changes = new Map<RepoPath, ChangedContent | undefined>();
    for (const path of this.touched) {
      const state = this.states.get(path);
      if (state === undefined || isUnchanged(state)) continue;
      const { data, mode, document } = state;
      changes.set(path, data && { path, mode, data, document });
    }
    this.touched = new Set();
    return changes;
  }

  /** Adds the changed files and the folders on the way to them to a batch of objects; the id of the tree. */
  async write(batch: ObjectBatch, changes: ReadonlyMap<RepoPath, ChangedContent | undefined>): Promise<Oid> {
    for (const [path, content] of changes) {
      const state = this.states.get(path);
      if (content === undefined) {
        await this.tree.set(path, null);
        if (state !== undefined) this.states.set(path, { ...state, committed: undefined });
        continue;
      }
      const { mode, data } = content;
      const oid = batch.add({ type: 'blob', data }, state?.committed);
      await this.tree.set(path, { mode, oid });
      if (state !== undefined) this.states.set(path, { ...state, committed: { path, mode, oid, data } });
    }
    return this.tree.write(batch);
  }

  private async stateOf(path: RepoPath): Promise<FileState> {
    const known = this.states.get(path);
    if (known !== undefined) return known;
    const entry = await this.tree.find(path);
    if (entry === undefined) return { committed: undefined, data: undefined, mode: '100644' };
    const data = entry.mode === '160000' ? encodeText('') : await readBlob(this.store, entry.oid);
    return { committed: { ...entry, data }, data, mode: entry.mode };
  }

  /** The most lately used last. */
  private forgetDocuments(path: RepoPath): void {
    this.documents.delete(path);
    this.documents.add(path);
    if (this.documents.size <= mostDocuments) return;
    const [oldest = path] = this.documents;
    this.documents.delete(oldest);
    const state = this.states.get(oldest);
    if (state !== undefined) this.states.set(oldest, { ...state, document: undefined });
  }
}

/** A file as a commit has it. */
export interface ChangedContent extends Pick<FileEntry, 'path' | 'mode'> {
  readonly data: Uint8Array;
  readonly document: ConfigDocument | undefined;
}

function isUnchanged({ committed, data, mode }: FileState): boolean {
  if (committed === undefined || data === undefined) return committed === undefined && data === undefined;
  return committed.mode === mode && Buffer.compare(committed.data, data) === 0;
}

function changed(before: FileState, change: Change): FileState {
  const { path } = change;
  const { committed } = before;
  requireOneVerb(change);
  if ('delete' in change) {
    if (before.data === undefined) throw noFileAt(path);
    return { committed, data: undefined, mode: '100644' };
  }
  const mode = before.mode === '100755' ? '100755' : '100644';
  if ('content' in change) {
    const data = typeof change.content === 'string' ? encodeText(change.content) : change.content;
    return { committed, data, mode: change.mode ?? mode, document: documentOf(path, data) };
  }
  const document = edited(documentIn(before, path), change);
  return { committed, data: encodeText(document.text), mode, document };
}

function documentIn({ data, mode, document }: FileState, path: RepoPath): ConfigDocument {
  if (formatOf(path) === undefined)
    throw new ConfigError('E_USAGE', `'${path}' has no keys: it is not a YAML, JSON or INI file`, {
      hint: 'give its whole content',
    });
  if (data === undefined) return parseDocument('', { path });
  if (mode !== '100644' && mode !== '100755')
    throw new ConfigError('E_BAD_PATH', `'${path}' is no file`, { hint: 'edit the file that it points at' });
  return document ?? parsedToSet(path, data);
}

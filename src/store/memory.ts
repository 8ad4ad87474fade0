/** A repository in memory: for tests, and for work that needs no disk. Same contract as the one on disk. */
import { ConfigError } from '../errors.js';
import { configOf } from './config/load.js';
import { emptyTreeOid, objectOid, zeroOid } from './objects/oid.js';
import { checkEdits, refClash, staleRef } from './refs/edits.js';
import { checkRefName } from './refs/name.js';
import { checkStateName } from './state-name.js';
import type {
  GitConfig,
  ObjectStore,
  Oid,
  RawObject,
  Ref,
  RefEdit,
  ReflogEntry,
  RefLog,
  RefStore,
  StateFiles,
  Store,
} from './types.js';

/** An empty repository in memory, bare, with HEAD at the unborn branch `main`; it goes away with the process. */
export function memoryStore(): Store {
  return assembleStore({ objects: new MemoryObjects(), refs: new MemoryRefs() });
}

/** The parts of a repository that is kept in something else than files. */
export interface StoreParts extends Pick<Store, 'objects' | 'refs'> {
  /** A name for messages. Default `.`. */
  readonly dir?: string;
  /** Default: nothing is configured. */
  readonly config?: GitConfig;
}

/** A bare repository of these parts; the state between two commands is kept in memory. */
export function assembleStore({ objects, refs, dir = '.', config = configOf([]) }: StoreParts): Store {
  return { gitDir: dir, objects, refs, config, state: new MemoryState() };
}

class MemoryObjects implements ObjectStore {
  private readonly objects = new Map<Oid, RawObject>([
    [emptyTreeOid, { type: 'tree', data: new Uint8Array() }],
  ]);

  read(oid: Oid): RawObject {
    const object = this.objects.get(oid);
    if (object !== undefined) return object;
    throw new ConfigError('E_OBJECT_MISSING', `object '${oid}' is missing`, { details: { oid } });
  }

  has(oid: Oid): boolean {
    return this.objects.has(oid);
  }

  write(objects: readonly RawObject[]): Oid[] {
    return objects.map(({ type, data }) => {
      const oid = objectOid(type, data);
      if (!this.objects.has(oid)) this.objects.set(oid, { type, data: data.slice() });
      return oid;
    });
  }

  findByPrefix(prefix: string): Oid[] {
    return [...this.objects.keys()].filter((oid) => oid.startsWith(prefix)).toSorted();
  }
}

class MemoryRefs implements RefStore {
  private refs: ReadonlyMap<string, Ref> = new Map([['HEAD', { name: 'HEAD', target: 'refs/heads/main' }]]);
  private readonly logs = new Map<string, ReflogEntry[]>();

  read(name: string): Ref | undefined {
    checkRefName(name);
    return this.refs.get(name);
  }

  list(prefix: string): Ref[] {
    const found = [...this.refs.values()].filter(
      ({ name }) => name.startsWith('refs/') && name.startsWith(prefix),
    );
    return found.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  reflog(name: string): ReflogEntry[] {
    checkRefName(name);
    return (this.logs.get(name) ?? []).toReversed();
  }

  update(edits: readonly RefEdit[], log: RefLog): void {
    const sorted = edits.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    checkEdits(sorted);
    for (const edit of sorted) this.check(edit);
    const next = new Map(this.refs);
    for (const { name, value } of sorted) {
      if (value === null) next.delete(name);
      else next.set(name, typeof value === 'string' ? { name, oid: value } : { name, target: value.target });
    }
    const before = this.refs;
    this.refs = next;
    for (const { name, renamedFrom = name } of sorted)
      this.logs.set(name, [...(this.logs.get(renamedFrom) ?? [])]);
    for (const edit of sorted) this.record(edit, before, log);
  }

  private check(edit: RefEdit): void {
    const { name, expected, value } = edit;
    const actual = resolve(this.refs, name);
    if (expected !== undefined && expected !== (actual ?? null)) throw staleRef(edit, actual);
    if (value === null || this.refs.has(name)) return;
    for (const other of this.refs.keys())
      if (other.startsWith(`${name}/`) || name.startsWith(`${other}/`)) throw refClash(name, other);
  }

  private record({ name, value, message }: RefEdit, old: ReadonlyMap<string, Ref>, log: RefLog): void {
    const [before, after] = [resolve(old, name), resolve(this.refs, name)];
    const head = old.get('HEAD');
    const isCurrent = head !== undefined && 'target' in head && head.target === name;
    if (value === null) this.logs.delete(name);
    if (isUnchanged(old.get(name), this.refs.get(name)) || (value !== null && after === undefined)) return;
    const entry = {
      before: before ?? zeroOid,
      after: after ?? zeroOid,
      ...log,
      ...(message !== undefined && { message }),
    };
    const logged = value !== null && (name === 'HEAD' || /^refs\/(?!tags\/)/.test(name)) ? [name] : [];
    for (const target of isCurrent ? [...logged, 'HEAD'] : logged)
      this.logs.set(target, [...(this.logs.get(target) ?? []), entry]);
  }
}

function resolve(refs: ReadonlyMap<string, Ref>, name: string): Oid | undefined {
  const seen = new Set<string>();
  for (let ref = refs.get(name); ref !== undefined && !seen.has(ref.name); ref = refs.get(ref.target)) {
    if ('oid' in ref) return ref.oid;
    seen.add(ref.name);
  }
  return undefined;
}

function isUnchanged(a: Ref | undefined, b: Ref | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return 'oid' in a ? 'oid' in b && a.oid === b.oid : 'target' in b && a.target === b.target;
}

class MemoryState implements StateFiles {
  private readonly files = new Map<string, string>();

  read(name: string): string | undefined {
    checkStateName(name);
    return this.files.get(name);
  }

  write(name: string, content: string | undefined): void {
    checkStateName(name);
    if (content === undefined) this.files.delete(name);
    else this.files.set(name, content);
  }

  append(name: string, content: string): number {
    const text = (this.read(name) ?? '') + content;
    this.files.set(name, text);
    return Buffer.byteLength(text);
  }

  owner(): string {
    return 'memory';
  }

  isGone(): boolean {
    return false;
  }
}

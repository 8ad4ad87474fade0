/** What a walk through history needs of each commit, by number and kept in the cache: tree, parents, date. */
import { ConfigError } from '../../errors.js';
import { bufferOf } from '../objects/oid.js';
import { readTyped } from '../objects/read.js';
import type { Oid, Store } from '../types.js';
import { shallowCommits } from './commits.js';
import { OidTable } from './oid-table.js';

export type GraphSource = Pick<Store, 'objects' | 'state' | 'cache'>;

/** On disk: the table of ids (its length first), then the records; see {@link CommitGraph.encode}. */
const file = 'history/graph';
/** Tree (20 bytes), date (8), first parent (4), second parent (4). */
const recordBytes = 36;
const none = -1;
const unread = -2;
/** Writing the file costs as much as reading so many commits. */
const worthSaving = 32;

interface Links {
  readonly tree: Oid;
  readonly date: number;
  readonly parents: readonly number[];
}

/**
 * Commits are numbered as they are met, and read when they are first asked for. What was read stays true for ever, for a commit is
 * named by its content; where a shallow clone ends is looked up each time.
 */
export class CommitGraph {
  private readonly source: GraphSource;
  private readonly oids: OidTable;
  private readonly links: (Links | undefined)[] = [];
  /** The records of commits that the cache had, to be decoded when they are asked for. */
  private readonly records: Buffer;
  private readonly shallow: ReadonlySet<number>;
  private read = 0;

  private constructor(source: GraphSource, cached: Cached, shallow: ReadonlySet<Oid>) {
    this.source = source;
    this.oids = new OidTable(cached.oids);
    this.records = cached.records;
    this.shallow = new Set([...shallow].map((oid) => this.numberOf(oid)));
  }

  /** Throws E_CORRUPT for a damaged `shallow` file; a damaged cache is not there. */
  static async open(source: GraphSource): Promise<CommitGraph> {
    const data = await source.cache?.read(file);
    return new CommitGraph(source, decode(data), await shallowCommits(source));
  }

  /** How many commits have a number. */
  get size(): number {
    return this.oids.size;
  }

  /** The ids of the first commits, which tell whether what is kept by their numbers is about the same ones. */
  idsOf(count: number): Uint8Array {
    return this.oids.encoded.subarray(0, count * 20);
  }

  numberOf(oid: Oid): number {
    return this.oids.numberOf(oid);
  }

  oid(commit: number): Oid {
    return this.oids.oid(commit);
  }

  /** Must be awaited before tree, date and parents of a commit are asked for. Throws E_OBJECT_MISSING, E_CORRUPT. */
  load(commit: number): void | Promise<void> {
    if (this.links[commit] !== undefined || this.decodeRecord(commit)) return undefined;
    return this.readCommit(commit);
  }

  tree(commit: number): Oid {
    return this.linksOf(commit).tree;
  }

  /** Of the committer, seconds since 1970-01-01T00:00:00Z. */
  date(commit: number): number {
    return this.linksOf(commit).date;
  }

  /** None where a shallow clone ends. */
  parents(commit: number): readonly number[] {
    return this.shallow.has(commit) ? [] : this.linksOf(commit).parents;
  }

  /** Keeps what was read for the next time. */
  async save(): Promise<void> {
    if (this.read < worthSaving || this.source.cache === undefined) return;
    this.read = 0;
    await this.source.cache.write(file, this.encode());
  }

  private linksOf(commit: number): Links {
    const links = this.links[commit];
    if (links !== undefined) return links;
    throw new ConfigError('E_INTERNAL', `commit '${this.oid(commit)}' was not loaded`);
  }

  private async readCommit(commit: number): Promise<void> {
    const { tree, parents, date } = parseLinks(await readTyped(this.source, this.oid(commit), 'commit'));
    this.links[commit] = { tree, date, parents: parents.map((oid) => this.numberOf(oid)) };
    this.read += 1;
  }

  /** A merge of more than two is read from its object each time. */
  private encode(): Buffer {
    const { size } = this;
    const records = Buffer.alloc(size * recordBytes);
    for (let commit = 0; commit < size; commit += 1) {
      const at = commit * recordBytes;
      const links = this.links[commit];
      const isKept = links !== undefined && links.parents.length <= 2;
      if (links === undefined && this.records.length >= at + recordBytes)
        this.records.copy(records, at, at, at + recordBytes);
      else if (isKept) encodeRecord(records, at, links);
      else records.writeInt32LE(unread, at + 28);
    }
    const count = Buffer.alloc(4);
    count.writeUInt32LE(size);
    return Buffer.concat([count, this.oids.encoded, records]);
  }

  private decodeRecord(commit: number): boolean {
    const at = commit * recordBytes;
    if (this.records.length < at + recordBytes) return false;
    const first = this.records.readInt32LE(at + 28);
    if (first === unread) return false;
    const second = this.records.readInt32LE(at + 32);
    const tree = this.records.toString('hex', at, at + 20);
    const parents = [first, second].filter((parent) => parent !== none);
    this.links[commit] = { tree, date: this.records.readDoubleLE(at + 20), parents };
    return true;
  }
}

function encodeRecord(records: Buffer, at: number, { tree, date, parents }: Links): void {
  records.write(tree, at, 'hex');
  records.writeDoubleLE(date, at + 20);
  records.writeInt32LE(parents[0] ?? none, at + 28);
  records.writeInt32LE(parents[1] ?? none, at + 32);
}

interface Cached {
  readonly oids: Buffer;
  readonly records: Buffer;
}

function decode(data: Uint8Array | undefined): Cached {
  const buffer = bufferOf(data ?? new Uint8Array(4));
  const count = buffer.readUInt32LE(0);
  const recordsAt = 4 + count * 20;
  return { oids: buffer.subarray(4, recordsAt), records: buffer.subarray(recordsAt) };
}

/** The lines of a commit that a walk needs (git: commit.c), without decoding the rest. Throws E_CORRUPT when it is no commit. */
function parseLinks(data: Uint8Array): {
  readonly tree: Oid;
  readonly parents: readonly Oid[];
  readonly date: number;
} {
  const buffer = bufferOf(data);
  const parents: Oid[] = [];
  let at = 46;
  for (; buffer.toString('latin1', at, at + 7) === 'parent '; at += 48)
    parents.push(buffer.toString('latin1', at + 7, at + 47));
  const lineAt = buffer.indexOf('\ncommitter ', at - 1, 'latin1') + 1;
  const lineEnd = buffer.indexOf(10, lineAt);
  if (lineAt === 0 || lineEnd < 0 || buffer.toString('latin1', 0, 5) !== 'tree ')
    throw new ConfigError('E_CORRUPT', 'commit has no tree or no committer', { hint: 'run: git fsck' });
  const line = buffer.toString('latin1', lineAt, lineEnd);
  const seconds = Number(line.slice(line.lastIndexOf('>') + 2).split(' ', 1)[0]);
  const date = Number.isSafeInteger(seconds) && seconds > 0 ? seconds : 0;
  return { tree: buffer.toString('latin1', 5, 45), parents, date };
}

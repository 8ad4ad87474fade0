/** What a walk through history needs of each commit, by number and kept in the cache: tree, parents, date. */
import { ConfigError } from '../../errors.js';
import { andThen } from '../awaitable.js';
import { bufferOf } from '../objects/oid.js';
import { readOnce } from '../objects/read.js';
import type { Oid, Store } from '../types.js';
import { shallowCommits } from './commits.js';
import { OidTable, readDigits } from './oid-table.js';

export type GraphSource = Pick<Store, 'objects' | 'state' | 'cache'>;

/** On disk: the table of ids (its length first), then the records. */
const file = 'history/graph';
/** A record: tree (20 bytes), date (4 lower, 4 upper), first parent (4), second parent (4). */
const words = 9;
const [dateAt, parentsAt] = [5, 7];
const none = -1;
const unread = -2;
/** A merge of more than two, whose parents are read from its object each time. */
const many = -3;
const twoTo32 = 2 ** 32;
/** Writing the file costs as much as reading so many commits. */
const worthSaving = 32;

/**
 * Commits are numbered as they are met, and read when they are first asked for. What was read stays true for ever, for a commit is
 * named by its content; where a shallow clone ends is looked up each time.
 */
export class CommitGraph {
  private readonly source: GraphSource;
  private readonly oids: OidTable;
  /** The same memory twice. */
  private records: Int32Array;
  private bytes: Buffer;
  private readonly shallow: ReadonlySet<number>;
  private readonly octopuses = new Map<number, readonly number[]>();
  private read = 0;

  private constructor(source: GraphSource, cached: Cached, shallow: ReadonlySet<Oid>) {
    this.source = source;
    this.oids = new OidTable(cached.oids);
    this.records = new Int32Array(Math.max(64, this.oids.size * 2) * words);
    this.bytes = Buffer.from(this.records.buffer);
    this.bytes.set(cached.records);
    this.records.fill(unread, cached.records.length >> 2);
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
    const first = this.records[commit * words + parentsAt] ?? unread;
    if (first !== unread && (first !== many || this.octopuses.has(commit))) return undefined;
    return andThen(readOnce(this.source, this.oid(commit), 'commit'), (data) => this.keep(commit, data));
  }

  tree(commit: number): Oid {
    const at = this.placeOf(commit) * 4;
    return this.bytes.toString('hex', at, at + 20);
  }

  /** Of the committer, seconds since 1970-01-01T00:00:00Z. */
  date(commit: number): number {
    const at = this.placeOf(commit) + dateAt;
    return ((this.records[at] ?? 0) >>> 0) + (this.records[at + 1] ?? 0) * twoTo32;
  }

  /** None where a shallow clone ends. */
  parents(commit: number): readonly number[] {
    const at = this.placeOf(commit) + parentsAt;
    const first = this.records[at] ?? none;
    const second = this.records[at + 1] ?? none;
    if (first === none || this.shallow.has(commit)) return [];
    if (first === many) return this.octopuses.get(commit) ?? [];
    return second === none ? [first] : [first, second];
  }

  /** Keeps what was read for the next time. */
  async save(): Promise<void> {
    if (this.read < worthSaving || this.source.cache === undefined) return;
    this.read = 0;
    await this.source.cache.write(file, this.encode());
  }

  private placeOf(commit: number): number {
    const at = commit * words;
    if ((this.records[at + parentsAt] ?? unread) !== unread) return at;
    throw new ConfigError('E_INTERNAL', `commit '${this.oid(commit)}' was not loaded`);
  }

  /** The lines of a commit that a walk needs (git: commit.c), without decoding the rest. */
  private keep(commit: number, data: Uint8Array): void {
    this.reserve();
    const at = commit * words;
    const isTree = hasWord(data, 0, 'tree ') && data[45] === newline;
    if (!isTree || !readDigits(data, 5, { into: this.bytes, to: at * 4 })) throw damaged(this.oid(commit));
    const parents: number[] = [];
    let next = 46;
    for (; hasWord(data, next, 'parent '); next += 48) {
      const parent = this.oids.numberOfDigits(data, next + 7);
      if (parent === undefined || data[next + 47] !== newline) throw damaged(this.oid(commit));
      parents.push(parent);
    }
    const date = committerDate(data, next);
    if (date === undefined) throw damaged(this.oid(commit));
    const [first = none, second = none, ...more] = parents;
    if (more.length > 0) this.octopuses.set(commit, parents);
    this.records.set([(date % twoTo32) | 0, date / twoTo32], at + dateAt);
    this.records.set([more.length > 0 ? many : first, second], at + parentsAt);
    this.read += 1;
  }

  private reserve(): void {
    if (this.oids.size * words <= this.records.length) return;
    const grown = new Int32Array(this.oids.size * 2 * words).fill(unread, this.records.length);
    grown.set(this.records);
    this.records = grown;
    this.bytes = Buffer.from(grown.buffer);
  }

  private encode(): Buffer {
    this.reserve();
    const count = Buffer.alloc(4);
    count.writeUInt32LE(this.size);
    return Buffer.concat([count, this.oids.encoded, this.bytes.subarray(0, this.size * words * 4)]);
  }
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

const [newline, space, zero, greaterThan] = [10, 32, 48, 62];

function hasWord(data: Uint8Array, at: number, word: string): boolean {
  for (let index = 0; index < word.length; index += 1)
    if (data[at + index] !== word.charCodeAt(index)) return false;
  return true;
}

/** The seconds after the last `>` of the committer's line, 0 for what is no date; undefined without such a line. */
function committerDate(data: Uint8Array, authorAt: number): number | undefined {
  const lineAt = data.indexOf(newline, authorAt) + 1;
  const end = data.indexOf(newline, lineAt);
  if (lineAt === 0 || end < 0 || !hasWord(data, lineAt, 'committer ')) return undefined;
  let at = data.lastIndexOf(greaterThan, end) + 2;
  if (at < lineAt + 2) return 0;
  let date = 0;
  for (; at < end && data[at] !== space; at += 1) {
    const digit = (data[at] ?? 0) - zero;
    if (digit < 0 || digit > 9) return 0;
    date = date * 10 + digit;
  }
  return Number.isSafeInteger(date) ? date : 0;
}

function damaged(oid: Oid): ConfigError {
  return new ConfigError('E_CORRUPT', `commit '${oid}' has no tree or no committer`, {
    hint: 'run: cfg fsck',
  });
}

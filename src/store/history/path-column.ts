/** What stands at one path in each commit, kept in the cache. */
import { createHash } from 'node:crypto';
import { deflateSync, inflateSync } from 'node:zlib';
import { andThen } from '../awaitable.js';
import { bufferOf } from '../objects/oid.js';
import { type PathEntry, type PathFinder, pathFinder } from '../trees/path-finder.js';
import type { Awaitable, FileMode, RepoPath } from '../types.js';
import type { CommitGraph, GraphSource } from './graph.js';

const modes: readonly FileMode[] = ['100644', '100755', '120000', '160000', '040000'];
/** Of a commit: not looked at yet, nothing there; from here on the number of an entry. */
const [unknown, absent, firstEntry] = [0, 1, 2];
const worthSaving = 32;

/**
 * Numbers for the entries at a path, equal for equal entries: whether two commits have the same there is a comparison of two numbers.
 */
export class PathColumn {
  readonly path: RepoPath;
  private readonly source: GraphSource;
  private readonly graph: CommitGraph;
  private readonly find: PathFinder;
  private cells: Int32Array;
  /** The ids of the different entries, one table a mode. */
  private readonly entries: PathEntry[];
  private readonly numbers: Map<string, number>;
  private looked = 0;
  /** Commits next to each other mostly have the same. */
  private lastEntry: PathEntry | undefined;
  private lastCell = absent;

  private constructor(graph: CommitGraph, source: GraphSource, { path, cells, entries }: Column) {
    this.graph = graph;
    this.source = source;
    this.path = path;
    this.find = pathFinder(source, path);
    this.cells = cells;
    this.entries = [...entries];
    this.numbers = new Map(entries.map((entry, at) => [keyOf(entry), at + firstEntry]));
  }

  /** `''` is the root. */
  static async open(graph: CommitGraph, source: GraphSource, path: RepoPath): Promise<PathColumn> {
    const data = await source.cache?.read(fileOf(path));
    const column = data && decode(graph, bufferOf(data));
    return new PathColumn(graph, source, { path, cells: new Int32Array(0), entries: [], ...column });
  }

  /** Throws E_OBJECT_MISSING, E_CORRUPT. */
  cell(commit: number): Awaitable<number> {
    const known = this.cells[commit] ?? unknown;
    return known === unknown ? this.look(commit) : known;
  }

  /** Whether two commits have the same there. */
  isSame(a: number, b: number): Awaitable<boolean> {
    return andThen(this.cell(a), (one) => andThen(this.cell(b), (other) => one === other));
  }

  /** What a cell stands for; undefined for nothing. */
  entry(cell: number): PathEntry | undefined {
    return this.entries[cell - firstEntry];
  }

  async entryAt(commit: number): Promise<PathEntry | undefined> {
    return this.entry(await this.cell(commit));
  }

  /** Keeps what was looked up for the next time. */
  async save(): Promise<void> {
    if (this.looked < worthSaving || this.path === '' || this.source.cache === undefined) return;
    this.looked = 0;
    await this.source.cache.write(fileOf(this.path), this.encode());
  }

  private look(commit: number): Awaitable<number> {
    return andThen(this.graph.load(commit), () =>
      andThen(this.find(this.graph.tree(commit)), (entry) => this.keep(commit, entry)),
    );
  }

  private keep(commit: number, entry: PathEntry | undefined): number {
    const cell = this.cellOf(entry);
    if (commit >= this.cells.length) {
      const grown = new Int32Array(Math.max(this.graph.size, this.cells.length * 2, 64));
      grown.set(this.cells);
      this.cells = grown;
    }
    this.cells[commit] = cell;
    this.looked += 1;
    return cell;
  }

  private cellOf(entry: PathEntry | undefined): number {
    if (entry !== this.lastEntry) {
      this.lastEntry = entry;
      this.lastCell = entry === undefined ? absent : this.numberOf(entry);
    }
    return this.lastCell;
  }

  private numberOf(entry: PathEntry): number {
    const key = keyOf(entry);
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    this.entries.push(entry);
    this.numbers.set(key, this.entries.length - 1 + firstEntry);
    return this.entries.length - 1 + firstEntry;
  }

  private encode(): Buffer {
    const count = Math.min(this.graph.size, this.cells.length);
    const head = Buffer.alloc(8);
    head.writeUInt32LE(count);
    head.writeUInt32LE(this.entries.length, 4);
    const table = this.entries.map(({ mode, oid }) =>
      Buffer.concat([Buffer.from([modes.indexOf(mode)]), Buffer.from(oid, 'hex')]),
    );
    const cells = Buffer.from(this.cells.buffer, this.cells.byteOffset, count * 4);
    return Buffer.concat([head, idSum(this.graph, count), ...table, deflateSync(cells, { level: 1 })]);
  }
}

interface Column {
  readonly path: RepoPath;
  readonly cells: Int32Array;
  readonly entries: readonly PathEntry[];
}

function keyOf({ mode, oid }: PathEntry): string {
  return `${mode} ${oid}`;
}

function fileOf(path: RepoPath): string {
  return `history/${createHash('sha1').update(path).digest('hex')}`;
}

function idSum(graph: CommitGraph, count: number): Buffer {
  return createHash('sha1').update(graph.idsOf(count)).digest();
}

/** Undefined when it was made with another numbering of the commits. */
function decode(graph: CommitGraph, data: Buffer): Omit<Column, 'path'> | undefined {
  const count = data.readUInt32LE(0);
  if (count > graph.size || !idSum(graph, count).equals(data.subarray(8, 28))) return undefined;
  const entries = Array.from({ length: data.readUInt32LE(4) }, (_, at): PathEntry => {
    const start = 28 + at * 21;
    return {
      mode: modes[data[start] ?? 0] ?? '100644',
      oid: data.toString('hex', start + 1, start + 21),
    };
  });
  const cells = inflateSync(data.subarray(28 + entries.length * 21));
  return { entries, cells: new Int32Array(new Uint8Array(cells).buffer) };
}

/** What files were found to be wrong with, kept in the Git folder, so that a file is only checked again when its answer may be another. */
import { basename } from 'node:path';
import { buildId, findFile, type FileEntry, type Oid, type RepoPath, type Store } from '../store/index.js';
import type { Problem } from './problems.js';

/** What a check of one file found, and the other files that it looked at on the way, whether they were there or not. */
export interface FileAnswer {
  readonly problems: readonly Problem[];
  readonly dependencies: ReadonlySet<RepoPath>;
}

export interface AnswersInput {
  readonly store: Store;
  /** What is checked. */
  readonly tree: Oid;
  /** How many files are; for a few of them it is not worth to look into the cache. */
  readonly count: number;
  /** Whether the rules that can but warn are run. Answers without them serve nobody who wants them. */
  readonly lints: boolean;
}

/** The executable and the library are built apart, and keep their answers apart. */
const cacheName = `validate/${basename(import.meta.url)}`;
const worthLooking = 50;

/** Of files that this run did not ask for, as those of another branch, so many are kept. */
const mostUnasked = 20_000;

/** What a file was like when it was looked at; null: it was not there. */
type Dependency = readonly [path: RepoPath, oid: Oid | null];

interface Answer {
  readonly oid: Oid;
  readonly linted: boolean;
  readonly dependencies: readonly Dependency[];
  readonly problems: readonly Problem[];
}

/**
 * Answers of one tree. An answer is taken over when the file, and every file that its check looked at, have the content that they had; the
 * settings are one of those. Problems hold no value of a document, so that no secret gets into the cache.
 */
export class KnownAnswers {
  private readonly input: AnswersInput;
  private readonly answers: Map<RepoPath, Answer>;
  private readonly asked = new Set<RepoPath>();
  private readonly oids = new Map<RepoPath, Oid | null>();
  /** Lists that were kept. Many files depend on the same ones: each list is there once, and looked at once. */
  private readonly lists = new Map<string, readonly Dependency[]>();
  /** Those of the tree, by the paths in them. */
  private readonly current = new Map<string, readonly Dependency[]>();
  private readonly holding = new Map<readonly Dependency[], boolean>();
  private added = 0;

  private constructor(input: AnswersInput, kept: Kept | undefined) {
    this.input = input;
    this.answers = new Map(kept?.answers);
    for (const list of kept?.lists ?? []) this.lists.set(JSON.stringify(list), list);
  }

  /** A cache that is not there, damaged or of another build is empty. */
  static async open(input: AnswersInput): Promise<KnownAnswers> {
    const data = input.count < worthLooking ? undefined : await input.store.cache?.read(cacheName);
    return new KnownAnswers(input, data && decode(data));
  }

  /** What the file is wrong with; undefined where that is not known. */
  async find({ path, oid }: FileEntry): Promise<readonly Problem[] | undefined> {
    this.asked.add(path);
    const known = this.answers.get(path);
    if (known?.oid !== oid || (this.input.lints && !known.linted)) return undefined;
    return (await this.holds(known.dependencies)) ? known.problems : undefined;
  }

  async keep({ path, oid }: FileEntry, { problems, dependencies }: FileAnswer): Promise<void> {
    const paths = [...dependencies].toSorted();
    const key = paths.join('\0');
    const list = this.current.get(key) ?? (await this.listOf(paths));
    this.current.set(key, list);
    this.answers.set(path, { oid, linted: this.input.lints, dependencies: list, problems });
    this.added += 1;
  }

  private async listOf(paths: readonly RepoPath[]): Promise<readonly Dependency[]> {
    const list: Dependency[] = [];
    for (const path of paths) list.push([path, await this.oidOf(path)]);
    return this.lists.get(JSON.stringify(list)) ?? list;
  }

  /** Writes what is new, where there is enough of it. */
  async save(): Promise<void> {
    const { count, store } = this.input;
    if (count < worthLooking || this.added === 0) return;
    const tooMany = this.answers.size - this.asked.size > mostUnasked;
    const kept = [...this.answers].filter(([path]) => !tooMany || this.asked.has(path));
    await store.cache?.write(cacheName, encode(kept));
  }

  private async holds(list: readonly Dependency[]): Promise<boolean> {
    const known = this.holding.get(list);
    if (known !== undefined) return known;
    const current = await Promise.all(list.map(([path]) => this.oidOf(path)));
    const holds = list.every(([, oid], at) => oid === current[at]);
    this.holding.set(list, holds);
    return holds;
  }

  private async oidOf(path: RepoPath): Promise<Oid | null> {
    const known = this.oids.get(path);
    if (known !== undefined) return known;
    const oid = (await findFile(this.input.store, this.input.tree, path))?.oid ?? null;
    this.oids.set(path, oid);
    return oid;
  }
}

interface Kept {
  readonly lists: readonly (readonly Dependency[])[];
  readonly answers: readonly (readonly [RepoPath, Answer])[];
}

/** As it is written: answers name their dependencies by the number of the list. */
interface CacheFile {
  readonly build: string;
  readonly lists: readonly (readonly Dependency[])[];
  readonly answers: readonly (readonly [RepoPath, Oid, linted: 0 | 1, list: number, readonly Problem[]])[];
}

function encode(answers: readonly (readonly [RepoPath, Answer])[]): Uint8Array {
  const lists = [...new Set(answers.map(([, { dependencies }]) => dependencies))];
  const numbers = new Map(lists.map((list, number) => [list, number]));
  const file: CacheFile = {
    build: buildId(),
    lists,
    answers: answers.map(([path, { oid, linted, dependencies, problems }]) => {
      return [path, oid, linted ? 1 : 0, numbers.get(dependencies) ?? 0, problems];
    }),
  };
  return Buffer.from(JSON.stringify(file));
}

/** The store vouches for the bytes, and the build for their meaning. */
function decode(data: Uint8Array): Kept | undefined {
  const file: CacheFile = JSON.parse(Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString());
  if (file.build !== buildId()) return undefined;
  const { lists } = file;
  const answers = file.answers.map(([path, oid, linted, list, problems]) => {
    return [path, { oid, linted: linted === 1, dependencies: lists[list] ?? [], problems }] as const;
  });
  return { lists, answers };
}

/** What files were found to be wrong with, kept in the Git folder, so that a file is only checked again when its answer may be another. */
import { basename } from 'node:path';
import { buildId, findFile, type FileEntry, type Oid, type RepoPath, type Store } from '../store/index.js';
import type { Problem } from './problems.js';

/** What a check of one file found, and the other files that it looked at on the way, whether they were there or not. */
export interface FileAnswer {
  readonly problems: readonly Problem[];
  readonly dependencies: readonly RepoPath[];
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

/** Many files depend on the same ones: an answer has the number of the list. */
type Answer = readonly [path: RepoPath, oid: Oid, linted: 0 | 1, list: number, problems: readonly Problem[]];

/** As it is written. */
interface CacheFile {
  readonly build: string;
  readonly lists: readonly (readonly Dependency[])[];
  readonly answers: readonly Answer[];
}

/**
 * Answers of one tree. An answer is taken over when the file, and every file that its check looked at, have the content that they had; the
 * settings are one of those. Problems hold no value of a document, so that no secret gets into the cache.
 */
export class KnownAnswers {
  private readonly input: AnswersInput;
  private readonly lists: (readonly Dependency[])[];
  private readonly answers: Map<RepoPath, Answer>;
  private readonly asked = new Set<RepoPath>();
  private readonly added: (readonly [FileEntry, FileAnswer])[] = [];
  private readonly oids = new Map<RepoPath, Oid | null>();

  private constructor(input: AnswersInput, { lists, answers }: Pick<CacheFile, 'lists' | 'answers'>) {
    this.input = input;
    this.lists = [...lists];
    this.answers = new Map(answers.map((answer) => [answer[0], answer]));
  }

  /** A cache that is not there, damaged or of another build is empty. */
  static async open(input: AnswersInput): Promise<KnownAnswers> {
    const data = input.count < worthLooking ? undefined : await input.store.cache?.read(cacheName);
    return new KnownAnswers(input, (data && decode(data)) ?? { lists: [], answers: [] });
  }

  /** What files of the tree are wrong with, where that is known, and the files of which it is not. */
  async split(
    files: Iterable<FileEntry>,
  ): Promise<{ readonly known: readonly Problem[]; readonly unknown: readonly FileEntry[] }> {
    const known: Problem[] = [];
    const unknown: FileEntry[] = [];
    const current = new Map<number, boolean>();
    for (const file of files) {
      this.asked.add(file.path);
      const [, oid, linted, list = -1, problems = []] = this.answers.get(file.path) ?? [];
      const fits = oid === file.oid && (linted === 1 || !this.input.lints);
      if (fits && !current.has(list)) current.set(list, await this.isCurrent(list));
      if (fits && current.get(list) === true) known.push(...problems);
      else unknown.push(file);
    }
    return { known, unknown };
  }

  keep(file: FileEntry, answer: FileAnswer): void {
    this.added.push([file, answer]);
  }

  /** Writes what is new, where there is enough of it. */
  async save(): Promise<void> {
    const { count, store, lints } = this.input;
    if (count < worthLooking || this.added.length === 0) return;
    const numbers = new Map(this.lists.map((list, number) => [JSON.stringify(list), number]));
    const byPaths = new Map<string, number>();
    for (const [{ path, oid }, { problems, dependencies }] of this.added) {
      const key = dependencies.join('\0');
      const list = byPaths.get(key) ?? (await this.numberOf(dependencies, numbers));
      byPaths.set(key, list);
      this.answers.set(path, [path, oid, lints ? 1 : 0, list, problems]);
    }
    await store.cache?.write(cacheName, encode(this.lists, this.worthKeeping()));
  }

  private async numberOf(paths: readonly RepoPath[], numbers: Map<string, number>): Promise<number> {
    const list: Dependency[] = [];
    for (const path of new Set(paths)) list.push([path, await this.oidOf(path)]);
    const key = JSON.stringify(list);
    const number = numbers.get(key) ?? this.lists.push(list) - 1;
    numbers.set(key, number);
    return number;
  }

  private worthKeeping(): readonly Answer[] {
    const all = [...this.answers.values()];
    const tooMany = all.length - this.asked.size > mostUnasked;
    return tooMany ? all.filter(([path]) => this.asked.has(path)) : all;
  }

  private async isCurrent(list: number): Promise<boolean> {
    for (const [path, oid] of this.lists[list] ?? []) if ((await this.oidOf(path)) !== oid) return false;
    return true;
  }

  private async oidOf(path: RepoPath): Promise<Oid | null> {
    const known = this.oids.get(path);
    if (known !== undefined) return known;
    const oid = (await findFile(this.input.store, this.input.tree, path))?.oid ?? null;
    this.oids.set(path, oid);
    return oid;
  }
}

/** Lists that no answer has any more are left out. */
function encode(lists: CacheFile['lists'], answers: readonly Answer[]): Uint8Array {
  const numbers = new Map([...new Set(answers.map(([, , , list]) => list))].map((list, at) => [list, at]));
  const file: CacheFile = {
    build: buildId(),
    lists: [...numbers.keys()].map((list) => lists[list] ?? []),
    answers: answers.map(([path, oid, linted, list, problems]) => {
      return [path, oid, linted, numbers.get(list) ?? 0, problems];
    }),
  };
  return Buffer.from(JSON.stringify(file));
}

/** The store vouches for the bytes, and the build for their meaning. */
function decode(data: Uint8Array): CacheFile | undefined {
  const file: CacheFile = JSON.parse(Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString());
  return file.build === buildId() ? file : undefined;
}

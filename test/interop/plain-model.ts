/**
 * What a repository is, as maps: branches of commits, an index, a worktree. No git and no cfg: ids are made here, from bytes. Every branch has
 * files that no other one changes, so that a merge takes each path from one side.
 */
import { createHash } from 'node:crypto';

export interface PlainFile {
  readonly mode: '100644' | '100755';
  readonly content: string;
}

type Files = ReadonlyMap<string, PlainFile>;

interface PlainCommit {
  readonly oid: string;
  readonly files: Files;
  /** Everything that it leads to, itself included. */
  readonly history: ReadonlySet<PlainCommit>;
}

/** The operation is not possible; nothing has changed. */
export class Refused extends Error {}

export class PlainModel {
  head = 'main';
  readonly worktree: Map<string, PlainFile> = new Map();
  private readonly branches = new Map<string, PlainCommit>();
  private readonly tags = new Map<string, PlainCommit>();
  private index: Files = new Map();

  add(): void {
    this.index = new Map(this.worktree);
  }

  commit(message: string, seconds: number): void {
    const tip = this.branches.get(this.head);
    if (tip !== undefined && treeOid(tip.files) === treeOid(this.index)) throw new Refused();
    this.branches.set(this.head, makeCommit(this.index, { parents: tip ? [tip] : [], message, seconds }));
  }

  tag(name: string): void {
    this.tags.set(name, this.tip(this.head));
  }

  createBranch(name: string): void {
    if (this.branches.has(name)) throw new Refused();
    this.branches.set(name, this.tip(this.head));
  }

  deleteBranch(name: string): void {
    if (name === this.head || !this.branches.delete(name)) throw new Refused();
  }

  switch(name: string): void {
    this.moveTo(this.tip(name).files);
    this.head = name;
  }

  merge(name: string, message: string, seconds: number): void {
    if (this.status().length > 0) throw new Refused();
    const [ours, theirs] = [this.tip(this.head), this.tip(name)];
    if (ours.history.has(theirs)) return;
    const merged = theirs.history.has(ours)
      ? theirs
      : makeCommit(mergeFiles(ours, theirs), { parents: [ours, theirs], message, seconds });
    this.moveTo(merged.files);
    this.branches.set(this.head, merged);
  }

  /** As `git status --porcelain -z -uall` prints it, line by line. */
  status(): readonly string[] {
    const head = this.branches.get(this.head)?.files ?? new Map<string, PlainFile>();
    const tracked = sorted([...new Set([...head.keys(), ...this.index.keys()])]).flatMap((path) => {
      const staged = this.index.get(path);
      const codes = change(head.get(path), staged) + (staged ? change(staged, this.worktree.get(path)) : ' ');
      return codes === '  ' ? [] : [`${codes} ${path}`];
    });
    const untracked = sorted([...this.worktree.keys()].filter((path) => !this.index.has(path)));
    return [...tracked, ...untracked.map((path) => `?? ${path}`)];
  }

  state(): unknown {
    const refs = [
      ...this.branches,
      ...[...this.tags].map(([name, commit]) => [`\0${name}`, commit] as const),
    ];
    return {
      head: `refs/heads/${this.head}`,
      tree: treeOid(this.tip(this.head).files),
      refs: refs.map(([name, { oid }]) => `${refName(name)} ${oid}`).toSorted((a, b) => (a < b ? -1 : 1)),
      index: sorted([...this.index.keys()]).map((path) => {
        const { mode, content } = fileIn(this.index, path);
        return `${mode} ${blobOid(content)} 0\t${path}`;
      }),
      status: this.status(),
    };
  }

  private tip(branch: string): PlainCommit {
    const commit = this.branches.get(branch);
    if (commit === undefined) throw new Refused();
    return commit;
  }

  /** Index and worktree follow; local changes are carried where the two sides have the same, or refused (git: read-tree, two-tree merge). */
  private moveTo(after: Files): void {
    const before = this.tip(this.head).files;
    const index = new Map(this.index);
    const worktree = new Map(this.worktree);
    for (const path of new Set([...before.keys(), ...after.keys()])) {
      const [old, wanted, staged, file] = [before, after, this.index, this.worktree].map((at) =>
        at.get(path),
      );
      if (isSame(old, wanted) || (staged !== undefined && isSame(staged, wanted))) continue;
      if (staged === undefined && wanted === undefined) continue;
      const isClean = file === undefined || (staged !== undefined && isSame(file, staged));
      if (!isSame(staged, old) || !isClean) throw new Refused();
      for (const files of [index, worktree])
        if (wanted === undefined) files.delete(path);
        else files.set(path, wanted);
    }
    this.index = index;
    this.worktree.clear();
    for (const [path, file] of worktree) this.worktree.set(path, file);
  }
}

function refName(name: string): string {
  return name.startsWith('\0') ? `refs/tags/${name.slice(1)}` : `refs/heads/${name}`;
}

/** Who has a version of a path that the other's history knows is behind, and takes the other's. */
function mergeFiles(ours: PlainCommit, theirs: PlainCommit): Files {
  const merged = new Map<string, PlainFile>();
  for (const path of new Set([...ours.files.keys(), ...theirs.files.keys()])) {
    const isBehind = [...theirs.history].some(({ files }) => isSame(files.get(path), ours.files.get(path)));
    const file = (isBehind ? theirs : ours).files.get(path);
    if (file !== undefined) merged.set(path, file);
  }
  return merged;
}

interface CommitParts {
  readonly parents: readonly PlainCommit[];
  readonly message: string;
  readonly seconds: number;
}

function makeCommit(files: Files, { parents, message, seconds }: CommitParts): PlainCommit {
  const who = `Ann <ann@example.com> ${seconds} +0100`;
  const lines = [
    `tree ${treeOid(files)}`,
    ...parents.map(({ oid }) => `parent ${oid}`),
    `author ${who}`,
    `committer ${who}`,
    '',
    `${message}\n`,
  ];
  const history = new Set(parents.flatMap((parent) => [...parent.history]));
  const commit = { oid: objectId('commit', Buffer.from(lines.join('\n'))), files, history };
  history.add(commit);
  return commit;
}

/** Of the files whose paths begin with `prefix`. */
function treeOid(files: Files, prefix = ''): string {
  const names = new Set(
    [...files.keys()]
      .filter((path) => path.startsWith(prefix))
      .map((path) => path.slice(prefix.length).replace(/\/.*/s, '/')),
  );
  const entries = sorted([...names]).map((name) => {
    const isFolder = name.endsWith('/');
    const file = isFolder ? undefined : fileIn(files, prefix + name);
    const oid = file === undefined ? treeOid(files, prefix + name) : blobOid(file.content);
    const head = `${file?.mode ?? '40000'} ${name.replace(/\/$/, '')}\0`;
    return Buffer.concat([Buffer.from(head), Buffer.from(oid, 'hex')]);
  });
  return objectId('tree', Buffer.concat(entries));
}

function blobOid(content: string): string {
  return objectId('blob', Buffer.from(content));
}

function objectId(type: string, data: Buffer): string {
  return createHash('sha1').update(`${type} ${data.length}\0`).update(data).digest('hex');
}

function fileIn(files: Files, path: string): PlainFile {
  const file = files.get(path);
  if (file === undefined) throw new Error(`no file '${path}'`);
  return file;
}

function isSame(a: PlainFile | undefined, b: PlainFile | undefined): boolean {
  return a?.mode === b?.mode && a?.content === b?.content;
}

function change(before: PlainFile | undefined, after: PlainFile | undefined): string {
  if (isSame(before, after)) return ' ';
  if (before === undefined) return 'A';
  return after === undefined ? 'D' : 'M';
}

/** By bytes. */
function sorted(paths: readonly string[]): string[] {
  return paths.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

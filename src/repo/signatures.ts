import type { MissingSignatures } from '../policy/index.js';
import {
  checkSignature,
  parseCommit,
  parseTag,
  signPayload,
  signsByDefault,
  splitSigned,
  walkCommits,
  type CheckedSignature,
  type Oid,
  type Signature,
  type SigningContext,
} from '../store/index.js';
import type { RepositoryContext } from './context.js';

/** What can be signed. */
export type SignedKind = 'commit' | 'tag' | 'approval';

/** Commits and tags are signed as by Git; an approval has a namespace of its own, so that no other signature can be passed off as one. */
const namespaces: Readonly<Record<SignedKind, string>> = {
  commit: 'git',
  tag: 'git',
  approval: 'cfg-approval',
};

/** An approval is a statement about a commit and a tag object, so either setting asks for its signature. */
const settings: Readonly<Record<SignedKind, readonly string[]>> = {
  commit: ['commit.gpgSign'],
  tag: ['tag.gpgSign', 'tag.forceSignAnnotated'],
  approval: ['commit.gpgSign', 'tag.gpgSign'],
};

/** Whether something new gets a signature: as the caller says, else as the Git configuration does. */
export function wantsSignature(
  { store }: RepositoryContext,
  kind: SignedKind,
  sign: boolean | undefined,
): boolean {
  return sign ?? settings[kind].some((name) => signsByDefault(store.config, name));
}

/** What is about to be written. */
export interface Unsigned {
  readonly kind: SignedKind;
  /** The object as it would be without a signature. */
  readonly payload: Uint8Array;
  readonly signer: Signature;
  readonly sign: boolean | undefined;
}

/** The signature of something new; undefined where it gets none. Throws E_SIGNATURE. */
export async function signatureFor(
  context: RepositoryContext,
  { kind, payload, signer, sign }: Unsigned,
): Promise<string | undefined> {
  if (!wantsSignature(context, kind, sign)) return undefined;
  return signPayload(signingContext(context), { payload, signer, namespace: namespaces[kind] });
}

function signingContext({ store, env }: RepositoryContext): SigningContext {
  const folder = store.localConfig === undefined ? '.' : store.gitDir; // one that is kept elsewhere only has a name
  return { config: store.config, env, cwd: store.worktree?.root ?? folder };
}

/** The signature of a commit or tag object, checked with the allowed signers of this machine; undefined: it has none. */
export async function signatureOf(
  context: RepositoryContext,
  oid: Oid,
  kind: SignedKind,
): Promise<CheckedSignature | undefined> {
  const { type, data } = await context.store.objects.read(oid);
  const signed = splitSigned(type, data);
  if (signed === undefined) return undefined;
  const time = type === 'commit' ? parseCommit(data).committer : parseTag(data).tagger;
  const timestamp = time?.timestamp ?? 0;
  return checkSignature(signingContext(context), { ...signed, timestamp, namespace: namespaces[kind] });
}

/** Checks the signatures of commits, each once for as long as it lives. */
export class CommitSignatures {
  private readonly context: RepositoryContext;
  private readonly known = new Map<Oid, CheckedSignature | undefined>();

  constructor(context: RepositoryContext) {
    this.context = context;
  }

  async of(commit: Oid): Promise<CheckedSignature | undefined> {
    if (!this.known.has(commit)) this.known.set(commit, await signatureOf(this.context, commit, 'commit'));
    return this.known.get(commit);
  }

  /** Which commits that lead to `tips` and not to `exclude` have no signature of an allowed signer. */
  async missing({ tips, exclude }: CommitRange): Promise<MissingSignatures> {
    let [count, first] = [0, ''];
    for await (const { oid } of walkCommits(this.context.store, tips, { exclude })) {
      const signature = await this.of(oid);
      if (signature?.status === 'good') continue;
      if (count === 0) first = `${oid.slice(0, 7)}: ${signature?.reason ?? 'not signed'}`;
      count += 1;
    }
    return { count, first };
  }
}

/** Commits that lead to some and not to others. */
export interface CommitRange {
  readonly tips: readonly Oid[];
  readonly exclude: readonly Oid[];
}

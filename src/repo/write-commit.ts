import { formatCommit, signatureHeader, type Oid, type Signature, type Store } from '../store/index.js';
import type { RepositoryContext } from './context.js';
import { identify, type Author, type Identity } from './identity.js';
import { cleanMessage, subjectOf } from './message.js';
import { signatureFor } from './signatures.js';

export interface NewCommit extends Identity {
  readonly commit: Oid;
  readonly tree: Oid;
  readonly parents: readonly Oid[];
  /** Cleaned. */
  readonly message: string;
}

export interface CommitInput {
  readonly tree: Oid;
  readonly parents: readonly Oid[];
  readonly message: string;
  /** Someone with the date of the commit, or a whole signature, with its own; default: the configured identity. */
  readonly author?: Author | Signature | undefined;
  /** Default: as `commit.gpgSign` says. */
  readonly sign?: boolean | undefined;
}

/** Makes a commit object in `store`. Throws E_NO_IDENTITY, E_SIGNATURE, E_USAGE (empty message, malformed author). */
export async function writeCommit(
  context: RepositoryContext,
  store: Store,
  input: CommitInput,
): Promise<NewCommit> {
  const message = cleanMessage(input.message);
  const given = input.author;
  const { author, committer } = isSignature(given)
    ? { ...identify(context), author: given }
    : identify(context, given);
  const { tree, parents, sign } = input;
  const fields = { tree, parents, author, committer, message };
  const payload = formatCommit(fields);
  const signature = await signatureFor(context, { kind: 'commit', payload, signer: committer, sign });
  const data =
    signature === undefined ? payload : formatCommit({ ...fields, extraHeaders: signatureHeader(signature) });
  const [commit = ''] = await store.objects.write([{ type: 'commit', data }]);
  return { commit, tree, parents, message, author, committer };
}

function isSignature(author: Author | Signature | undefined): author is Signature {
  return typeof author === 'object' && 'timestamp' in author;
}

/** What a reflog says of a new commit (git: builtin/commit.c). */
export function commitLog({ parents, message }: NewCommit): string {
  const kinds = ['commit (initial)', 'commit', 'commit (merge)'];
  return `${kinds[Math.min(parents.length, 2)] ?? ''}: ${subjectOf(message)}`;
}

/** Makes a blob in `store`. */
export async function writeBlob(store: Store, data: Uint8Array): Promise<Oid> {
  const [oid = ''] = await store.objects.write([{ type: 'blob', data }]);
  return oid;
}

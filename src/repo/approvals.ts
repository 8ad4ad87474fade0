import {
  readTag,
  walkCommits,
  type CheckedSignature,
  type Oid,
  type Ref,
  type Signature,
  type Store,
} from '../store/index.js';
import type { RepositoryContext } from './context.js';
import { signatureOf, type CommitSignatures } from './signatures.js';

/** Where approvals are among the refs. */
export const approvalsPrefix = 'refs/cfg/approvals/';

/** One approval: a tag object that names the commit and the person, kept by a ref of its own. */
export interface Approval {
  readonly commit: Oid;
  readonly approver: Signature;
  /** Without the final line break; `''` for none. */
  readonly message: string;
  /** Absent: not signed. */
  readonly signature?: CheckedSignature;
}

/** The ref of an approval. Named after the object, so that no two clones can ever write different values under one name. */
export function approvalRef(commit: Oid, approval: Oid): string {
  return `${approvalsPrefix}${commit}/${approval}`;
}

/**
 * The approvals of one commit, one a person (the newest, a well signed one before others), oldest first. What is no approval of that commit is
 * passed over.
 */
export async function approvalsOf(context: RepositoryContext, commit: Oid): Promise<readonly Approval[]> {
  return onePerPerson(await checkedApprovals(context, commit), personKey);
}

/** All of them, each with its signature. */
async function checkedApprovals(context: RepositoryContext, commit: Oid): Promise<readonly Approval[]> {
  const checked: Approval[] = [];
  for (const { oid, ...approval } of await readAll(context.store, `${approvalsPrefix}${commit}/`)) {
    const signature = await signatureOf(context, oid, 'approval');
    checked.push({ ...approval, ...(signature && { signature }) });
  }
  return checked;
}

async function readAll(store: Store, prefix: string): Promise<readonly (Approval & { readonly oid: Oid })[]> {
  const found: (Approval & { readonly oid: Oid })[] = [];
  for (const ref of await store.refs.list(prefix)) {
    const approval = await approvalOf(store, ref);
    if (approval !== undefined && 'oid' in ref) found.push({ ...approval, oid: ref.oid });
  }
  return found;
}

/** The approval that a ref names; undefined for a ref that is not what its name says. */
export async function approvalOf(store: Store, ref: Ref): Promise<Approval | undefined> {
  const [commit = '', own] = ref.name.slice(approvalsPrefix.length).split('/');
  if ('target' in ref || ref.oid !== own) return undefined;
  if ((await store.objects.read(ref.oid)).type !== 'tag') return undefined;
  const { object, type, tagger, message } = await readTag(store, ref.oid);
  if (object !== commit || type !== 'commit' || tagger === undefined) return undefined;
  return { commit, approver: tagger, message: message.replace(/\n$/, '') };
}

function onePerPerson(
  approvals: readonly Approval[],
  keyOf: (approval: Approval) => string,
): readonly Approval[] {
  const best = new Map<string, Approval>();
  const ordered = approvals.toSorted((a, b) => Number(isGood(a)) - Number(isGood(b)) || byTime(a, b));
  for (const approval of ordered) best.set(keyOf(approval), approval);
  return [...best.values()].toSorted(byTime);
}

function isGood({ signature }: Approval): boolean {
  return signature?.status === 'good';
}

function byTime(a: Approval, b: Approval): number {
  const [earlier, later] = [a.approver.timestamp, b.approver.timestamp];
  if (earlier !== later) return earlier - later;
  const [one, other] = [personKey(a), personKey(b)];
  return one === other ? 0 : one < other ? -1 : 1;
}

/** The same person whatever the case of the address. */
function personKey({ approver }: Approval): string {
  return addressKey(approver);
}

function addressKey({ email }: Signature): string {
  return email.trim().toLowerCase();
}

/** Who signed, as the allowed signers name the key: the tag object may name anybody. */
function signerKey({ signature }: Approval): string {
  return (signature?.signers ?? [])
    .map((signer) => signer.toLowerCase())
    .toSorted()
    .join(',');
}

/** A head that is, or was, merged into a branch. */
export interface ReviewedHead {
  readonly head: Oid;
  /** The tip of the branch before. */
  readonly tip: Oid;
}

/** Whose approvals count. */
export interface ReviewRules {
  /** Only those with the signature of an allowed signer, who then is the person. */
  readonly signed: boolean;
  readonly signatures: CommitSignatures;
}

export interface ReviewedApproval extends Approval {
  readonly counts: boolean;
  /** Why it does not count: it is by an author of the new commits, or it lacks the signature that it needs. */
  readonly discounted?: 'author' | 'unsigned';
}

/** The approvals of exactly the head, oldest first, and whether each counts. */
export async function reviewOf(
  context: RepositoryContext,
  { head, tip }: ReviewedHead,
  rules: ReviewRules,
): Promise<readonly ReviewedApproval[]> {
  const all = await checkedApprovals(context, head);
  if (all.length === 0) return [];
  const authors = await authorsOf(context.store, { head, tip }, rules);
  if (!rules.signed)
    return onePerPerson(all, personKey).map((approval) =>
      judged(approval, authors.has(personKey(approval)) ? 'author' : undefined),
    );
  const good = onePerPerson(all.filter(isGood), signerKey);
  const other = onePerPerson(
    all.filter((approval) => !isGood(approval)),
    personKey,
  );
  return [
    ...good.map((approval) => judged(approval, isBySigner(approval, authors) ? 'author' : undefined)),
    ...other.map((approval) => judged(approval, 'unsigned')),
  ].toSorted(byTime);
}

function judged(approval: Approval, discounted: ReviewedApproval['discounted']): ReviewedApproval {
  return { ...approval, counts: discounted === undefined, ...(discounted && { discounted }) };
}

/** Addresses of the authors of new commits; where signatures count also who signed them, as the name of an author is easily another one. */
async function authorsOf(
  store: Store,
  { head, tip }: ReviewedHead,
  { signed, signatures }: ReviewRules,
): Promise<ReadonlySet<string>> {
  const authors = new Set(['']);
  for await (const { oid, commit } of walkCommits(store, [head], { exclude: [tip] })) {
    authors.add(addressKey(commit.author));
    const signature = signed ? await signatures.of(oid) : undefined;
    for (const signer of signature?.signers ?? []) authors.add(signer.toLowerCase());
  }
  return authors;
}

/** Whether one of the names of the key, which may be patterns (ssh_config, PATTERNS), is that of an author. */
function isBySigner({ signature }: Approval, authors: ReadonlySet<string>): boolean {
  return (signature?.signers ?? []).some((signer) => {
    const pattern = sshPattern(signer.toLowerCase());
    return [...authors].some(
      (author) => author !== '' && (author === signer.toLowerCase() || pattern.test(author)),
    );
  });
}

function sshPattern(text: string): RegExp {
  const escaped = text.replaceAll(/[\\^$.+()[\]{}|]/g, String.raw`\$&`);
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's');
}

/** How many people approved another of the new commits, but not the head: a new commit makes an approval stale. */
export async function countStale(store: Store, { head, tip }: ReviewedHead): Promise<number> {
  const all = await readAll(store, approvalsPrefix);
  if (all.length === 0) return 0;
  const current = new Set(all.filter(({ commit }) => commit === head).map(personKey));
  const commits = new Set<Oid>();
  for await (const { oid, commit } of walkCommits(store, [head], { exclude: [tip] })) {
    current.add(addressKey(commit.author));
    if (oid !== head) commits.add(oid);
  }
  const stale = onePerPerson(
    all.filter(({ commit }) => commits.has(commit)),
    personKey,
  );
  return stale.filter((approval) => !current.has(personKey(approval))).length;
}

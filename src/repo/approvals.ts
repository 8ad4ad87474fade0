import { readTag, walkCommits, type Oid, type Ref, type Signature, type Store } from '../store/index.js';

/** Where approvals are among the refs. */
export const approvalsPrefix = 'refs/cfg/approvals/';

/** One approval: a tag object that names the commit and the person, kept by a ref of its own. */
export interface Approval {
  readonly commit: Oid;
  readonly approver: Signature;
  /** Without the final line break; `''` for none. */
  readonly message: string;
}

/** The ref of an approval. Named after the object, so that no two clones can ever write different values under one name. */
export function approvalRef(commit: Oid, approval: Oid): string {
  return `${approvalsPrefix}${commit}/${approval}`;
}

/** The approvals of one commit, one a person (the newest), oldest first. What is no approval of that commit is passed over. */
export async function approvalsOf(store: Store, commit: Oid): Promise<readonly Approval[]> {
  return onePerPerson(await readAll(store, `${approvalsPrefix}${commit}/`));
}

async function readAll(store: Store, prefix: string): Promise<readonly Approval[]> {
  const found: Approval[] = [];
  for (const ref of await store.refs.list(prefix)) {
    const approval = await approvalOf(store, ref);
    if (approval !== undefined) found.push(approval);
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

function onePerPerson(approvals: readonly Approval[]): readonly Approval[] {
  const newest = new Map<string, Approval>();
  for (const approval of approvals.toSorted(byTime)) newest.set(personKey(approval.approver), approval);
  return [...newest.values()].toSorted(byTime);
}

function byTime({ approver: a }: Approval, { approver: b }: Approval): number {
  if (a.timestamp !== b.timestamp) return a.timestamp - b.timestamp;
  const [one, other] = [personKey(a), personKey(b)];
  return one === other ? 0 : one < other ? -1 : 1;
}

/** The same person whatever the case of the address. */
function personKey({ email }: Signature): string {
  return email.trim().toLowerCase();
}

/** A head that is, or was, merged into a branch. */
export interface ReviewedHead {
  readonly head: Oid;
  /** The tip of the branch before. */
  readonly tip: Oid;
}

export interface ReviewedApproval extends Approval {
  /** False: by an author of the new commits. */
  readonly counts: boolean;
}

/** The approvals of exactly the head, oldest first, and whether each counts: those of the authors of its new commits do not. */
export async function reviewOf(
  store: Store,
  { head, tip }: ReviewedHead,
): Promise<readonly ReviewedApproval[]> {
  const all = await approvalsOf(store, head);
  if (all.length === 0) return [];
  const authors = new Set(['']);
  for await (const { commit } of walkCommits(store, [head], { exclude: [tip] }))
    authors.add(personKey(commit.author));
  return all.map((approval) => ({ ...approval, counts: !authors.has(personKey(approval.approver)) }));
}

/** How many people approved another of the new commits, but not the head: a new commit makes an approval stale. */
export async function countStale(store: Store, { head, tip }: ReviewedHead): Promise<number> {
  const all = await readAll(store, approvalsPrefix);
  if (all.length === 0) return 0;
  const current = new Set(
    all.filter(({ commit }) => commit === head).map(({ approver }) => personKey(approver)),
  );
  const commits = new Set<Oid>();
  for await (const { oid, commit } of walkCommits(store, [head], { exclude: [tip] })) {
    current.add(personKey(commit.author));
    if (oid !== head) commits.add(oid);
  }
  const stale = onePerPerson(all.filter(({ commit }) => commits.has(commit)));
  return stale.filter(({ approver }) => !current.has(personKey(approver))).length;
}

/** The merge by key of whole files: documents of a stream are paired, and each pair merged from its root. */
import type { DocumentNode, DocumentTree, KeyPath } from '../doc/index.js';
import { documentsById, type DocumentIndex } from './document-ids.js';
import { sameMeaning } from './equality.js';
import { noGraft } from './graft.js';
import type { MergedDocument, MergedTree } from './merged.js';
import { orderOf } from './order.js';
import type { Session } from './session.js';
import { mergeLead, mergeTail } from './trivia.js';

export interface TreeTriple {
  readonly base: DocumentTree | undefined;
  readonly ours: DocumentTree;
  readonly theirs: DocumentTree;
}

/** Merges three trees; undefined when their documents cannot be paired, or their roots not be joined. */
export function mergeTrees(session: Session, triple: TreeTriple): MergedTree | undefined {
  const pairs = pairDocuments(triple);
  if (pairs === undefined) return undefined;
  const isStream = [triple.base, triple.ours, triple.theirs].some(
    (tree) => (tree?.documents.length ?? 1) > 1,
  );
  const documents: MergedDocument[] = [];
  for (const pair of pairs) {
    const merged = mergeDocument(session, pair, isStream ? [documents.length] : []);
    if (merged === undefined) return undefined;
    if (merged !== 'deleted') documents.push(merged);
  }
  return { ...triple.ours, documents };
}

interface DocumentTriple {
  readonly base: DocumentNode | undefined;
  readonly ours: DocumentNode | undefined;
  readonly theirs: DocumentNode | undefined;
}

function mergeDocument(
  session: Session,
  { base, ours, theirs }: DocumentTriple,
  path: KeyPath,
): MergedDocument | 'deleted' | undefined {
  if (ours === undefined || theirs === undefined) {
    const kept = ours ?? theirs;
    if (kept === undefined) return 'deleted';
    if (base === undefined) return kept;
    return sameMeaning(kept.value, base.value) ? 'deleted' : undefined;
  }
  const value = session.mergeNode(
    { base: base?.value, ours: ours.value, theirs: theirs.value },
    { path, grafts: { base: noGraft, theirs: noGraft } },
  );
  if ('clash' in value) return undefined;
  const head = mergeLead({ base: base?.head ?? '', ours: ours.head, theirs: theirs.head }, noGraft);
  const feet = { base: base?.foot ?? '', ours: ours.foot, theirs: theirs.foot };
  const foot = value.from === 'theirs' ? mergeTail(feet, 'theirs') : mergeLead(feet, noGraft);
  if (head.isDisputed || foot.isDisputed)
    session.note(
      'comment',
      path,
      'both sides changed a comment of the file; ours is kept, theirs where ours has none',
    );
  return { head: head.text, foot: foot.text, value: value.node };
}

/** By what they are (kind and name, as in Kubernetes), else by their position when nobody added or removed one. */
function pairDocuments({ base, ours, theirs }: TreeTriple): readonly DocumentTriple[] | undefined {
  const lists = { base: base?.documents ?? [], ours: ours.documents, theirs: theirs.documents };
  const count = lists.ours.length;
  const isEven = count === lists.theirs.length && (base === undefined || count === lists.base.length);
  if (isEven && count === 1) return byIndex(lists);
  const [first, second, third] = [lists.base, lists.ours, lists.theirs].map(documentsById);
  if (first !== undefined && second !== undefined && third !== undefined)
    return byIdentity(first, second, third);
  return isEven ? byIndex(lists) : undefined;
}

type DocumentLists = Readonly<Record<'base' | 'ours' | 'theirs', readonly DocumentNode[]>>;

function byIndex({ base, ours, theirs }: DocumentLists): readonly DocumentTriple[] {
  return ours.map((document, index) => ({ base: base[index], ours: document, theirs: theirs[index] }));
}

function byIdentity(
  base: DocumentIndex,
  ours: DocumentIndex,
  theirs: DocumentIndex,
): readonly DocumentTriple[] {
  const kept = new Set([...ours.keys(), ...theirs.keys()]);
  const ids = { base: [...base.keys()], ours: [...ours.keys()], theirs: [...theirs.keys()] };
  // Documents of a stream have no name that somebody would sort them by.
  const order = orderOf(ids, kept, { sortKey: () => '', trunk: 'ours' });
  return order.ids.map((id) => ({ base: base.get(id), ours: ours.get(id), theirs: theirs.get(id) }));
}

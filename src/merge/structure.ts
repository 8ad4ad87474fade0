/** The merge by key of whole files: documents of a stream are paired, and each pair merged from its root. */
import type { DocumentTree, KeyPath } from '../doc/index.js';
import { pairDocuments, type DocumentTriple } from './document-pairs.js';
import { sameMeaning } from './equality.js';
import { noGraft } from './graft.js';
import { withOwnComment } from './head-comment.js';
import type { MergedDocument, MergedTree } from './merged.js';
import type { Session } from './session.js';
import { mergeLead, mergeTail } from './trivia.js';

export interface TreeTriple {
  readonly base: DocumentTree | undefined;
  readonly ours: DocumentTree;
  readonly theirs: DocumentTree;
}

/** Merges three trees; undefined when their documents cannot be paired, or their roots not be joined. */
export function mergeTrees(session: Session, triple: TreeTriple): MergedTree | undefined {
  const { base, ours, theirs } = triple;
  const pairs = pairDocuments({
    base: base?.documents ?? [],
    ours: ours.documents,
    theirs: theirs.documents,
  });
  if (pairs === undefined) return undefined;
  const isStream = [base, ours, theirs].some((tree) => (tree?.documents.length ?? 1) > 1);
  const documents: MergedDocument[] = [];
  for (const pair of pairs) {
    const merged = mergeDocument(session, pair, isStream ? [documents.length] : []);
    if (merged === undefined) return undefined;
    if (merged !== 'deleted') documents.push(merged);
  }
  return { ...ours, documents };
}

function mergeDocument(
  session: Session,
  triple: DocumentTriple,
  path: KeyPath,
): MergedDocument | 'deleted' | undefined {
  if (triple.ours === undefined || triple.theirs === undefined) {
    const kept = triple.ours ?? triple.theirs;
    if (kept === undefined) return 'deleted';
    if (triple.base === undefined) return kept;
    return sameMeaning(kept.value, triple.base.value) ? 'deleted' : undefined;
  }
  const base = triple.base && withOwnComment(triple.base, [triple.ours, triple.theirs]);
  const ours = withOwnComment(triple.ours, [triple.base, triple.theirs]);
  const theirs = withOwnComment(triple.theirs, [triple.base, triple.ours]);
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

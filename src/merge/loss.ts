/** Whether a merge lost what one side did: looked at after a line merge, which knows nothing of the keys around a line. */
import { semanticKey, type DocumentTree, type Node } from '../doc/index.js';

/**
 * Whether a value outside of lists that one side alone changed, added or deleted is not as that side has it, or one that both changed
 * differently was decided without asking. Lists count as one value, and only by whether they are there.
 */
export function losesChange(
  result: DocumentTree,
  sides: {
    readonly base: DocumentTree | undefined;
    readonly ours: DocumentTree;
    readonly theirs: DocumentTree;
  },
): boolean {
  const [base, ours, theirs, merged] = [
    leavesOf(sides.base),
    leavesOf(sides.ours),
    leavesOf(sides.theirs),
    leavesOf(result),
  ];
  const isLost = (path: string): boolean => {
    const [before, mine, other, now] = [base.get(path), ours.get(path), theirs.get(path), merged.get(path)];
    if (now === mine && now === other) return false;
    if (mine === other || before === other) return now !== mine;
    if (before === mine) return now !== other;
    // Both changed it: only the lines of a string can be joined without anybody asking.
    return ![before, mine, other].every(isMultiLine);
  };
  return [base, ours, theirs, merged].some((leaves) => [...leaves.keys()].some(isLost));
}

function isMultiLine(key: string | undefined): boolean {
  return key?.includes('\\n') ?? false;
}

function leavesOf(tree: DocumentTree | undefined): ReadonlyMap<string, string> {
  const leaves = new Map<string, string>();
  const visit = (node: Node, path: string): void => {
    if (node.kind === 'map')
      for (const { key, value } of node.entries) visit(value, `${path}\0${key.id}#${key.occurrence}`);
    else leaves.set(path, node.kind === 'list' ? '[]' : semanticKey(node));
  };
  tree?.documents.forEach(({ value }, index) => visit(value, String(index)));
  return leaves;
}

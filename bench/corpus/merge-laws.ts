/** What must hold of every clean merge, whatever people made of it. */
import {
  formatKeyPath,
  parseDocument,
  semanticKey,
  type ConfigDocument,
  type Node,
} from '../../src/doc/index.js';

/** The four versions of a file. */
export interface Versions {
  readonly path: string;
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
  readonly merged: string;
}

/** Whether a result does not parse, or has a duplicate key or an unresolved alias, that no input has. */
export function isBroken(result: string, { path, base, ours, theirs }: Versions): boolean {
  const problems = (text: string): readonly string[] => problemsOf(parseDocument(text, { path }));
  const mine = problems(result);
  if (mine.length === 0) return false;
  const known = new Set([base, ours, theirs].flatMap(problems));
  return mine.some((problem) => !known.has(problem));
}

function problemsOf({ diagnostics }: ConfigDocument): readonly string[] {
  return diagnostics
    .filter(({ severity, rule }) => severity === 'error' || rule === 'duplicate-key')
    .map(({ rule, path }) => (rule === 'syntax' ? rule : `${rule} ${formatKeyPath(path ?? [])}`));
}

/** Leaves outside of lists that one side alone changed, and that do not have that side's value in the result. */
export function lostChanges(result: string, { path, base, ours, theirs }: Versions): readonly string[] {
  const documents = [base, ours, theirs, result].map((text) => parseDocument(text, { path }));
  // Documents of a stream that grew or shrank are paired by what they are, not by their position.
  if (new Set(documents.map(({ tree }) => tree?.documents.length)).size > 1) return [];
  if (documents.some(({ tree }) => tree === undefined)) return [];
  const repeated = unevenKeys(documents.slice(0, 3));
  const [b, o, t, r] = documents.map((document) => leavesByPath(document, repeated));
  if (b === undefined || o === undefined || t === undefined || r === undefined) return [];
  return [...new Set([...b.keys(), ...o.keys(), ...t.keys()])].filter((key) => {
    const [before, mine, other] = [b.get(key), o.get(key), t.get(key)];
    if (mine === other) return r.get(key) !== mine;
    if (before === other) return r.get(key) !== mine;
    return before === mine ? r.get(key) !== other : false;
  });
}

/** Keys that some versions have more often than others: which of them is which is no question of their number. */
function unevenKeys(documents: readonly ConfigDocument[]): ReadonlySet<string> {
  const counts = documents.map((document) => {
    const found = new Map<string, number>();
    visitEntries(document, (group) => {
      found.set(group, (found.get(group) ?? 0) + 1);
      return true;
    });
    return found;
  });
  const groups = new Set(counts.flatMap((found) => [...found.keys()]));
  return new Set(
    [...groups].filter((group) => {
      const numbers = counts.map((found) => found.get(group) ?? 0);
      return Math.max(...numbers) > 1 && new Set(numbers).size > 1;
    }),
  );
}

/** Items of lists, and of keys that repeat like them, are looked at as lines; here only whether they are there. */
function leavesByPath(document: ConfigDocument, repeated: ReadonlySet<string>): ReadonlyMap<string, string> {
  const leaves = new Map<string, string>();
  visitEntries(document, (group, path, value) => {
    if (repeated.has(group)) leaves.set(group, '[]');
    else if (value.kind !== 'map') leaves.set(path, value.kind === 'list' ? '[]' : semanticKey(value));
    return !repeated.has(group);
  });
  return leaves;
}

/** Calls `see` with each value, its path, and the path that the repetitions of its key share; goes below it where that answers so. */
function visitEntries(
  { tree }: ConfigDocument,
  see: (group: string, path: string, value: Node) => boolean,
): void {
  const visit = (value: Node, group: string, path: string): void => {
    if (!see(group, path, value) || value.kind !== 'map') return;
    for (const entry of value.entries) {
      const below = `${path}/${entry.key.id}`;
      visit(entry.value, below, `${below}#${entry.key.occurrence}`);
    }
  };
  tree?.documents.forEach(({ value }, index) => visit(value, String(index), String(index)));
}

/** Lines that are in the result more or less often than the inputs justify; indentation and a trailing comma do not count. */
export function inventedLines(result: string, { base, ours, theirs }: Versions): readonly string[] {
  const [b, o, t, r] = [base, ours, theirs, result].map(lineCounts);
  if (b === undefined || o === undefined || t === undefined || r === undefined) return [];
  return [...new Set([...o.keys(), ...t.keys(), ...r.keys()])].filter((line) => {
    const [before, mine, other, now] = [b, o, t, r].map((counts) => counts.get(line) ?? 0);
    if (before === undefined || mine === undefined || other === undefined || now === undefined) return false;
    const joined = Math.max(0, mine + other - before);
    return now > Math.max(mine, other, joined) || now < Math.min(mine, other, joined);
  });
}

function lineCounts(text: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const line of text.split('\n')) {
    const content = line.trim().replace(/,$/, '');
    if (content !== '') counts.set(content, (counts.get(content) ?? 0) + 1);
  }
  return counts;
}

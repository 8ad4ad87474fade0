/**
 * A text in one line that is a list of words, as a command's arguments or names with commas: each side may have put words in or
 * taken words out, at places of its own.
 */
import { diffSequences } from '../diff/index.js';
import { alignThree } from './align.js';

/** The joined text; undefined where a side rewrote words, or both changed the same place. */
export function mergeWords(base: string, ours: string, theirs: string): string | undefined {
  const [b, o, t] = [base, ours, theirs].map(wordsOf);
  if (b === undefined || o === undefined || t === undefined || b.length < leastWords) return undefined;
  const names = [b, o, t].map((words) => words.map(({ name }) => name));
  const [before = [], mine = [], others = []] = names;
  if (!isListEdit(before, mine) || !isListEdit(before, others)) return undefined;
  const words: Word[] = [];
  for (const region of alignThree(before, mine, others)) {
    if (region.kind === 'conflict') return undefined;
    words.push(...(region.kind === 'theirs' ? t.slice(...region.theirs) : o.slice(...region.ours)));
  }
  return print(words, [...o, ...t]);
}

/** Fewer have no place between two others. */
const leastWords = 2;

interface Word {
  readonly name: string;
  /** What stands between it and the next one; empty behind the last one. */
  readonly gap: string;
}

function wordsOf(text: string): readonly Word[] {
  return [...text.matchAll(/([^\s,;]+)([\s,;]*)/g)].map(([, name = '', gap = '']) => ({ name, gap }));
}

/** Whether words were put in or taken out, and none put in the place of another. */
function isListEdit(before: readonly string[], after: readonly string[]): boolean {
  let [from, to] = [0, 0];
  const runs = diffSequences(before, after, (word) => word);
  const end = { before: before.length, after: after.length, length: 0 };
  return [...runs, end].every((run) => {
    const isPure = run.before === from || run.after === to;
    [from, to] = [run.before + run.length, run.after + run.length];
    return isPure;
  });
}

/** A word that was the last one gets the gap that words of the text have. */
function print(words: readonly Word[], known: readonly Word[]): string {
  const usual = known.find(({ gap }) => gap !== '')?.gap ?? ' ';
  const last = words.length - 1;
  return words.map(({ name, gap }, at) => (at === last ? name : name + (gap === '' ? usual : gap))).join('');
}

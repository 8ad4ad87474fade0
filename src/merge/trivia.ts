/** Comments and blank lines: merged on their own, so that they never stand in the way of a value. */
import { alignThree } from './align.js';
import { commentText, sameComment } from './equality.js';
import { graftLines, type Graft } from './graft.js';
import type { TextPart } from './merged.js';
import { linesOf } from './text.js';

export interface TriviaMerge {
  readonly text: string;
  /** Both sides changed it in different ways; `text` is one of them. */
  readonly isDisputed: boolean;
}

/** Three versions of a piece of trivia; `base` is empty where there is none. */
export interface Trivia {
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
}

/** Which side's version the three-way rule takes: first by every character, then by the words of the comments. */
export function pickTrivia({ base, ours, theirs }: Trivia): 'ours' | 'theirs' | undefined {
  if (ours === theirs || theirs === base) return 'ours';
  if (ours === base) return 'theirs';
  if (sameComment(ours, theirs) || sameComment(theirs, base)) return 'ours';
  return sameComment(ours, base) ? 'theirs' : undefined;
}

/** Merges the whole lines above an entry or below the last one. */
export function mergeLead(trivia: Trivia, graft: Graft): TriviaMerge {
  const picked = pickTrivia(trivia);
  if (picked === 'ours') return { text: trivia.ours, isDisputed: false };
  if (picked === 'theirs') return { text: graftLines(trivia.theirs, graft), isDisputed: false };
  const parts = mergeLineParts({
    base: unindented(trivia.base),
    ours: unindented(trivia.ours),
    theirs: unindented(trivia.theirs),
  });
  const closed = parts.map(joinLines);
  const like = saysNothing(trivia.ours) ? graftLines(trivia.theirs, graft) : trivia.ours;
  return {
    text: indented(closed.map(({ text }) => text).join(''), like),
    isDisputed: closed.some(({ isDisputed }) => isDisputed),
  };
}

/** Lines that one side put right beside lines that the other one changed are no dispute; of lines that both changed one version stays. */
function joinLines(part: TextPart): TriviaMerge {
  if (typeof part === 'string') return { text: part, isDisputed: false };
  const { base, ours, theirs } = part;
  const text = extended(base, ours, theirs) ?? extended(base, theirs, ours);
  return { text: text ?? part[keptSide(part)], isDisputed: text === undefined };
}

/** Of a comment that both sides changed, ours; theirs where ours took it away: nothing that somebody wrote is dropped. */
function keptSide({ ours }: Pick<Trivia, 'ours'>): 'ours' | 'theirs' {
  return saysNothing(ours) ? 'theirs' : 'ours';
}

function saysNothing(comment: string): boolean {
  return commentText(comment) === '';
}

/** What a side added at the ends of the base's lines, put at the ends of what the other side made of them. */
function extended(base: string, longer: string, other: string): string | undefined {
  if (base === '') return undefined;
  if (longer.startsWith(base)) return other + longer.slice(base.length);
  // A blank line is a line of its own, not the end of any.
  return `\n${longer}`.endsWith(`\n${base}`) ? longer.slice(0, -base.length) + other : undefined;
}

/** Merges what follows a value on its line. `valueFrom`: the side whose value stands before it, which decides how the line ends. */
export function mergeTail(trivia: Trivia, valueFrom: 'ours' | 'theirs'): TriviaMerge {
  const picked = pickTrivia(trivia);
  const own = trivia[valueFrom];
  const wanted = trivia[picked ?? keptSide(trivia)];
  const fits = own.endsWith('\n') === wanted.endsWith('\n') && (own === '') === (wanted === '');
  const isLost = !fits && commentText(wanted) !== commentText(own);
  return { text: fits ? wanted : own, isDisputed: picked === undefined || isLost };
}

/** The line merge of three texts, open lines apart. */
export function mergeLineParts(trivia: Trivia): readonly TextPart[] {
  const [base, ours, theirs] = [linesOf(trivia.base), linesOf(trivia.ours), linesOf(trivia.theirs)];
  return alignThree(base, ours, theirs).map((region) => {
    const cut = {
      base: base.slice(...region.base).join(''),
      ours: ours.slice(...region.ours).join(''),
      theirs: theirs.slice(...region.theirs).join(''),
    };
    if (region.kind === 'conflict') return cut;
    return region.kind === 'theirs' ? cut.theirs : cut.ours;
  });
}

/** The text of a merge without open lines. */
export function closedText(parts: readonly TextPart[]): string | undefined {
  const texts = parts.filter((part) => typeof part === 'string');
  return texts.length === parts.length ? texts.join('') : undefined;
}

function unindented(text: string): string {
  return text.replaceAll(/^[ \t]+/gm, '');
}

/** Every line that says something gets the indentation of the first such line of `like`. */
function indented(text: string, like: string): string {
  const indent = /^([ \t]*)\S/m.exec(like)?.[1] ?? '';
  return text.replaceAll(/^(?=[^\n])/gm, indent);
}

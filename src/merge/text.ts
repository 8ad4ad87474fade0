/** The line merge: what `git merge-file` does, with line ends, final newline and byte order mark as properties of the file. */
import { alignThree, type Region, type Span } from './align.js';
import { defaultLabels, defaultMarkerSize, withMarkers, type MarkerStyle } from './markers.js';
import type { LineRange, MergeLabels } from './types.js';

export interface TextMergeInput {
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
  readonly labels?: Partial<MergeLabels> | undefined;
  /** Default 7. */
  readonly markerSize?: number | undefined;
  /** White space at the ends of lines says nothing: lines that differ in nothing else are no conflict. Default false. */
  readonly ignoresLineEnds?: boolean | undefined;
  /** Closes a conflict with the lines of one side, or of ours and then theirs. */
  readonly decide?: ((hunk: TextHunk) => 'base' | 'ours' | 'theirs' | 'union' | undefined) | undefined;
}

/** Lines that both sides changed, each side as text and as the lines it takes in its own file. */
export interface TextHunk {
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
  readonly lines: {
    readonly base: LineRange;
    readonly ours: LineRange;
    readonly theirs: LineRange;
  };
}

export interface TextMerge {
  /** The merged text, with diff3-style markers around each conflict. */
  readonly text: string;
  readonly conflicts: readonly TextHunk[];
}

/**
 * Merges three texts by line. A clean result has the bytes that `git merge-file` gives; a file that git cannot merge only
 * because one side changed all line ends or the final newline is merged without them first.
 */
export function mergeText(input: TextMergeInput): TextMerge {
  const raw = mergeLines(input, shapeOf(input.ours).eol);
  const shapes = { base: shapeOf(input.base), ours: shapeOf(input.ours), theirs: shapeOf(input.theirs) };
  if (raw.conflicts.length === 0 || sameShape(shapes.ours, shapes.theirs)) return raw;
  const shape = mergeShapes(shapes.base, shapes.ours, shapes.theirs);
  const plain = mergeLines(
    { ...input, base: unshaped(input.base), ours: unshaped(input.ours), theirs: unshaped(input.theirs) },
    '\n',
  );
  return plain.conflicts.length <= raw.conflicts.length
    ? { text: shaped(plain.text, shape), conflicts: plain.conflicts }
    : raw;
}

/** What a text file has besides its lines. */
export interface TextShape {
  readonly eol: '\n' | '\r\n';
  readonly hasFinalNewline: boolean;
  readonly hasByteOrderMark: boolean;
}

export function shapeOf(text: string): TextShape {
  return {
    eol: /^[^\n]*\r\n/.test(text) ? '\r\n' : '\n',
    hasFinalNewline: text === '' || text.endsWith('\n'),
    hasByteOrderMark: text.startsWith('\uFEFF'),
  };
}

/** Each property by the three-way rule. */
export function mergeShapes(base: TextShape, ours: TextShape, theirs: TextShape): TextShape {
  const pick = <K extends keyof TextShape>(name: K): TextShape[K] =>
    ours[name] === base[name] ? theirs[name] : ours[name];
  return {
    eol: pick('eol'),
    hasFinalNewline: pick('hasFinalNewline'),
    hasByteOrderMark: pick('hasByteOrderMark'),
  };
}

export function sameShape(a: TextShape, b: TextShape): boolean {
  return (
    a.eol === b.eol && a.hasFinalNewline === b.hasFinalNewline && a.hasByteOrderMark === b.hasByteOrderMark
  );
}

/** The text with `\n` line ends, a final newline and no byte order mark. */
export function unshaped(text: string): string {
  const plain = text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');
  return plain === '' || plain.endsWith('\n') ? plain : `${plain}\n`;
}

/** The reverse of {@link unshaped}. */
export function shaped(text: string, shape: TextShape): string {
  const whole = shape.hasFinalNewline ? text : text.replace(/\n$/, '');
  return (
    (shape.hasByteOrderMark ? '\uFEFF' : '') +
    (shape.eol === '\r\n' ? whole.replaceAll(/\r?\n/g, '\r\n') : whole)
  );
}

/** The lines of a text, each with its line end. */
export function linesOf(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** The three texts between markers, but for the lines that all of them begin and end with. */
export function markedText(input: TextMergeInput): string {
  const lines = [input.base, input.ours, input.theirs].map(linesOf);
  const first = lines[0] ?? [];
  const shortest = Math.min(...lines.map(({ length }) => length));
  const agree = (at: number): boolean => lines.every((side) => side.at(at) === first.at(at));
  let [head, foot] = [0, 0];
  while (head < shortest && agree(head)) head++;
  while (foot < shortest - head && agree(-1 - foot)) foot++;
  const [b, o, t] = lines.map((side) => side.slice(head, side.length - foot).join(''));
  const marked = withMarkers(
    { base: b ?? '', ours: o ?? '', theirs: t ?? '' },
    styleOf(input, shapeOf(input.ours).eol),
  );
  return [...first.slice(0, head), marked, ...first.slice(first.length - foot)].join('');
}

function mergeLines(input: TextMergeInput, eol: MarkerStyle['eol']): TextMerge {
  const lines: Lines = {
    base: linesOf(input.base),
    ours: linesOf(input.ours),
    theirs: linesOf(input.theirs),
  };
  const style = styleOf(input, eol);
  const out: string[] = [];
  const conflicts: TextHunk[] = [];
  for (const region of alignThree(lines.base, lines.ours, lines.theirs)) {
    if (region.kind !== 'conflict') {
      out.push(cut(lines, region, region.kind === 'theirs' ? 'theirs' : 'ours'));
      continue;
    }
    const { head, middle, foot } = withoutCommonEnds(region, lines);
    const hunk = hunkOf(middle, lines);
    const decision = bareDecision(input, hunk) ?? input.decide?.(hunk);
    if (decision === undefined) conflicts.push(hunk);
    const open = decision === undefined ? withMarkers(hunk, style) : undefined;
    out.push(head, open ?? (decision === 'union' ? hunk.ours + hunk.theirs : hunk[decision ?? 'ours']), foot);
  }
  return { text: joinLines(out, eol), conflicts };
}

function styleOf({ labels, markerSize }: TextMergeInput, eol: MarkerStyle['eol']): MarkerStyle {
  return { labels: { ...defaultLabels, ...labels }, size: markerSize ?? defaultMarkerSize, eol };
}

/** The side that changed more than white space at the ends of lines, if one alone did; ours where neither did. */
function bareDecision({ ignoresLineEnds }: TextMergeInput, hunk: TextHunk): 'ours' | 'theirs' | undefined {
  if (ignoresLineEnds !== true) return undefined;
  const [base, ours, theirs] = [hunk.base, hunk.ours, hunk.theirs].map((text) =>
    text.replaceAll(/[ \t]+$/gm, ''),
  );
  if (ours === theirs || theirs === base) return 'ours';
  return ours === base ? 'theirs' : undefined;
}

interface Lines {
  readonly base: readonly string[];
  readonly ours: readonly string[];
  readonly theirs: readonly string[];
}

function cut(lines: Lines, region: Region, side: keyof Lines): string {
  return lines[side].slice(...region[side]).join('');
}

/** A piece without a final newline may have come to stand before others. */
function joinLines(pieces: readonly string[], eol: string): string {
  let text = '';
  for (const piece of pieces) {
    if (text !== '' && piece !== '' && !text.endsWith('\n')) text += eol;
    text += piece;
  }
  return text;
}

/** What both sides put first and last in a conflict is no conflict. */
function withoutCommonEnds(
  region: Region,
  lines: Lines,
): { readonly head: string; readonly middle: Region; readonly foot: string } {
  const [ours, theirs] = [lines.ours.slice(...region.ours), lines.theirs.slice(...region.theirs)];
  const shorter = Math.min(ours.length, theirs.length);
  let [head, foot] = [0, 0];
  while (head < shorter && ours[head] === theirs[head]) head++;
  while (foot < shorter - head && ours.at(-1 - foot) === theirs.at(-1 - foot)) foot++;
  const inner = ([from, to]: Span): Span => [from + head, to - foot];
  return {
    head: ours.slice(0, head).join(''),
    middle: { ...region, ours: inner(region.ours), theirs: inner(region.theirs) },
    foot: ours.slice(ours.length - foot).join(''),
  };
}

function hunkOf(region: Region, lines: Lines): TextHunk {
  return {
    base: cut(lines, region, 'base'),
    ours: cut(lines, region, 'ours'),
    theirs: cut(lines, region, 'theirs'),
    lines: { base: rangeOf(region.base), ours: rangeOf(region.ours), theirs: rangeOf(region.theirs) },
  };
}

function rangeOf([from, to]: Span): LineRange {
  return { from: from + 1, to };
}

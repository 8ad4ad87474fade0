/**
 * Git's wildcards (git: wildmatch.c, gitignore(5)), matched byte by byte like Git does it: texts and patterns are byte strings, one code
 * unit (0-255) a byte. The pattern is a list of steps that are all tried at once, so no pattern takes exponential time.
 */
import { parseClass } from './character-class.js';

export interface WildmatchOptions {
  /** `*`, `?` and classes stop at '/', and `**` has its meaning. */
  readonly pathname: boolean;
  readonly ignoreCase: boolean;
}

/** Whether the whole of `text` matches. */
export type Matcher = (text: string) => boolean;

type Step =
  /** One byte of a set of 256. */
  | { readonly kind: 'byte'; readonly table: Uint8Array }
  /** Any run of bytes, also an empty one; with `slash` beyond folders. */
  | { readonly kind: 'run'; readonly slash: boolean }
  /** Either goes on, or leaves out the next `count` steps. */
  | { readonly kind: 'skip'; readonly count: number };

const slash = 0x2f;

/** A text as the byte string of its UTF-8 form. */
export function byteString(text: string): string {
  for (let at = 0; at < text.length; at += 1)
    if (text.charCodeAt(at) > 0x7f) return Buffer.from(text).toString('latin1');
  return text;
}

/** Lower case for A to Z, as Git folds. */
export function foldCase(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

export function compileWildmatch(pattern: string, options: WildmatchOptions): Matcher {
  const steps = parseSteps(pattern, options);
  if (!steps) return () => false;
  return (text) => run(steps, options.ignoreCase ? foldCase(text) : text);
}

/** Undefined for a pattern that can match nothing (an open or malformed class, a single backslash at the end). */
function parseSteps(pattern: string, options: WildmatchOptions): Step[] | undefined {
  const steps: Step[] = [];
  for (let at = 0; at < pattern.length;) {
    const char = pattern.charAt(at);
    if (char === '*') {
      const end = endOfStars(pattern, at);
      steps.push(...starSteps(pattern, { start: at, end, pathname: options.pathname }));
      at = end;
    } else if (char === '[') {
      const parsed = parseClass(pattern, at + 1, options);
      if (!parsed) return undefined;
      steps.push({ kind: 'byte', table: parsed.table });
      at = parsed.end;
    } else {
      const literal = char === '\\' ? pattern.charAt(at + 1) : char;
      if (literal === '') return undefined;
      steps.push({ kind: 'byte', table: char === '?' ? anyByte(options) : oneByte(literal, options) });
      at += char === '\\' ? 2 : 1;
    }
  }
  return steps;
}

function endOfStars(pattern: string, start: number): number {
  let end = start;
  while (pattern[end] === '*') end += 1;
  return end;
}

interface Stars {
  readonly start: number;
  readonly end: number;
  readonly pathname: boolean;
}

/** Two stars that fill a whole segment go beyond folders; with the '/' that follows they may also stand for nothing. */
function starSteps(pattern: string, { start, end, pathname }: Stars): Step[] {
  if (!pathname) return [{ kind: 'run', slash: true }];
  const opens = start === 0 || pattern[start - 1] === '/';
  const closes = end === pattern.length || pattern[end] === '/' || pattern.startsWith('\\/', end);
  if (end - start < 2 || !opens || !closes) return [{ kind: 'run', slash: false }];
  const deep: Step = { kind: 'run', slash: true };
  return pattern[end] === '/' ? [{ kind: 'skip', count: 2 }, deep] : [deep];
}

function anyByte({ pathname }: WildmatchOptions): Uint8Array {
  const table = new Uint8Array(256).fill(1);
  if (pathname) table[slash] = 0;
  return table;
}

function oneByte(char: string, { ignoreCase }: WildmatchOptions): Uint8Array {
  const table = new Uint8Array(256);
  table[(ignoreCase ? foldCase(char) : char).charCodeAt(0)] = 1;
  return table;
}

/** Follows all ways through the steps at once; `live` marks the steps that may take the next byte. */
function run(steps: readonly Step[], text: string): boolean {
  let live = new Uint8Array(steps.length + 1);
  let next = new Uint8Array(steps.length + 1);
  reach(steps, live, 0);
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    next.fill(0);
    for (let step = 0; step < steps.length; step += 1) if (live[step]) take(steps, step, { code, next });
    [live, next] = [next, live];
  }
  return live[steps.length] === 1;
}

/** Marks a step and those that can be reached from it without a byte. */
function reach(steps: readonly Step[], live: Uint8Array, at: number): void {
  if (live[at]) return;
  live[at] = 1;
  const step = steps[at];
  if (!step || step.kind === 'byte') return;
  reach(steps, live, at + 1);
  if (step.kind === 'skip') reach(steps, live, at + 1 + step.count);
}

function take(
  steps: readonly Step[],
  at: number,
  { code, next }: { readonly code: number; readonly next: Uint8Array },
): void {
  const step = steps[at];
  if (step?.kind === 'byte' && step.table[code]) reach(steps, next, at + 1);
  if (step?.kind === 'run' && (step.slash || code !== slash)) reach(steps, next, at);
}

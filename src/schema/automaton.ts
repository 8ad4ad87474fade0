import { ConfigError } from '../errors.js';
import type { Pattern } from './pattern-syntax.js';

/**
 * A program for a set of threads that all read the same character at a time (Thompson 1968, Pike's virtual machine): its time is
 * the length of the text times that of the program, whatever the pattern.
 */
type Instruction =
  | { readonly op: 'character'; readonly test: (character: string) => boolean }
  | { readonly op: 'assert'; readonly source: '^' | '$' | '\\b' | '\\B' }
  | { readonly op: 'look'; readonly program: Program; readonly behind: boolean; readonly negative: boolean }
  /** Goes on at both places. */
  | { readonly op: 'split'; other: number }
  | { readonly op: 'jump'; readonly to: number }
  | { readonly op: 'match' };

export type Program = readonly Instruction[];

const maxInstructions = 50_000;
/** About a second. */
const maxSteps = 50_000_000;

/** The program of a pattern. Throws E_LIMIT for one whose counted repetitions are too large. */
export function assemble(pattern: Pattern): Program {
  const program: Instruction[] = [];
  emit(pattern, program);
  program.push({ op: 'match' });
  return program;
}

/** Whether a program matches anywhere in a text. Throws E_LIMIT when that would take longer than about a second. */
export function matches(program: Program, text: string): boolean {
  return new Run(Array.from(text)).find(program, { from: 0 });
}

function emit(pattern: Pattern, program: Instruction[]): void {
  if (program.length > maxInstructions)
    throw new ConfigError('E_LIMIT', 'a pattern repeats too much to be matched');
  if (pattern.kind === 'character') program.push({ op: 'character', test: characterTest(pattern.source) });
  else if (pattern.kind === 'assertion') program.push({ op: 'assert', source: pattern.source });
  else if (pattern.kind === 'sequence') for (const part of pattern.parts) emit(part, program);
  else if (pattern.kind === 'look')
    program.push({
      op: 'look',
      program: assemble(pattern.body),
      behind: pattern.behind,
      negative: pattern.negative,
    });
  else if (pattern.kind === 'choice') emitChoice(pattern.options, program);
  else if (pattern.kind === 'repeat') emitRepeat(pattern, program);
}

function emitChoice(options: readonly Pattern[], program: Instruction[]): void {
  const ends: number[] = [];
  options.forEach((option, index) => {
    if (index === options.length - 1) return emit(option, program);
    const split = { op: 'split' as const, other: 0 };
    program.push(split);
    emit(option, program);
    ends.push(program.push({ op: 'jump', to: 0 }) - 1);
    split.other = program.length;
  });
  for (const end of ends) program[end] = { op: 'jump', to: program.length };
}

function emitRepeat({ body, min, max }: Extract<Pattern, { kind: 'repeat' }>, program: Instruction[]): void {
  for (let i = 0; i < min; i++) emit(body, program);
  if (max === Infinity) {
    const split = { op: 'split' as const, other: 0 };
    const start = program.push(split) - 1;
    emit(body, program);
    program.push({ op: 'jump', to: start });
    split.other = program.length;
    return;
  }
  const splits = Array.from({ length: max - min }, () => {
    const split = { op: 'split' as const, other: 0 };
    program.push(split);
    emit(body, program);
    return split;
  });
  for (const split of splits) split.other = program.length;
}

/** One character against a class, an escape or a literal, which the engine of the platform knows best; ASCII is remembered. */
function characterTest(source: string): (character: string) => boolean {
  const expression = new RegExp(`^${source}$`, 'u');
  const known: (boolean | undefined)[] = [];
  return (character) => {
    const code = character.length === 1 ? character.charCodeAt(0) : Infinity;
    if (code >= 128) return expression.test(character);
    return (known[code] ??= expression.test(character));
  };
}

class Run {
  private steps = 0;
  private readonly text: readonly string[];

  constructor(text: readonly string[]) {
    this.text = text;
  }

  /** Whether the program matches from `from` on (`only`: exactly there), and, when `to` is given, ends there. */
  find(program: Program, { from, to, only = false }: { from: number; to?: number; only?: boolean }): boolean {
    let threads = new Set<number>();
    for (let at = from; at <= (to ?? this.text.length); at++) {
      if (at === from || !only) this.follow(program, 0, { threads, at });
      if (threads.has(program.length - 1) && (to === undefined || at === to)) return true;
      if (threads.size === 0 && only) return false;
      threads = this.advance(program, threads, at);
    }
    return false;
  }

  private advance(program: Program, threads: ReadonlySet<number>, at: number): Set<number> {
    const next = new Set<number>();
    const character = this.text[at];
    if (character === undefined) return next;
    for (const counter of threads) {
      const instruction = program[counter];
      if (instruction?.op === 'character' && instruction.test(character))
        this.follow(program, counter + 1, { threads: next, at: at + 1 });
    }
    return next;
  }

  /** Adds every place that is reached without reading a character. */
  private follow(
    program: Program,
    start: number,
    into: { readonly threads: Set<number>; readonly at: number },
  ): void {
    const pending = [start];
    for (let counter = pending.pop(); counter !== undefined; counter = pending.pop()) {
      if (into.threads.has(counter)) continue;
      into.threads.add(counter);
      if (++this.steps > maxSteps)
        throw new ConfigError('E_LIMIT', 'a value is too long for a pattern of its schema');
      const instruction = program[counter];
      if (instruction?.op === 'split') pending.push(instruction.other, counter + 1);
      else if (instruction?.op === 'jump') pending.push(instruction.to);
      else if (instruction !== undefined && this.passes(instruction, into.at)) pending.push(counter + 1);
    }
  }

  /** Whether an instruction that reads nothing lets a thread go on. */
  private passes(instruction: Instruction, at: number): boolean {
    if (instruction.op === 'assert') return this.asserted(instruction.source, at);
    if (instruction.op !== 'look') return false;
    const { program, behind, negative } = instruction;
    const found = this.find(program, behind ? { from: 0, to: at } : { from: at, only: true });
    return found !== negative;
  }

  private asserted(source: '^' | '$' | '\\b' | '\\B', at: number): boolean {
    if (source === '^') return at === 0;
    if (source === '$') return at === this.text.length;
    return (isWord(this.text[at - 1]) !== isWord(this.text[at])) === (source === '\\b');
  }
}

function isWord(character: string | undefined): boolean {
  return character !== undefined && /^\w$/.test(character);
}

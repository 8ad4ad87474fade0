/** What `cfg watch` prints, a line each: JSON for programs, or text for people. */
import type { KeyChange } from '../../repo/index.js';
import { changeLine } from '../render/diff.js';
import { visible, type Style } from '../render/style.js';
import { firstFew, lines } from '../render/text.js';

interface ShownProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly path: string;
  readonly rule: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
}

/** One line of `cfg --json watch`, without its time. `revision` is the one in effect. */
export type WatchLine =
  | {
      readonly event: 'watching';
      readonly stack: string;
      readonly variables: Readonly<Record<string, string>>;
      readonly revision: number;
    }
  | { readonly event: 'change'; readonly revision: number; readonly changes: readonly KeyChange[] }
  | {
      readonly event: 'invalid';
      readonly revision: number;
      readonly code: string;
      readonly message: string;
      readonly hint?: string | undefined;
      readonly problems: readonly ShownProblem[];
    }
  | { readonly event: 'valid'; readonly revision: number }
  | {
      readonly event: 'error';
      readonly code: string;
      readonly message: string;
      readonly hint?: string | undefined;
    }
  | { readonly event: 'start'; readonly pid: number }
  | { readonly event: 'end'; readonly code: number | null; readonly signal: string | null };

const maxProblems = 10;

/** A line for people, with the time of day. */
export function renderLine(line: WatchLine, at: Date, style: Style): string {
  const [head = '', ...rest] = textOf(line, style);
  return lines([`${style.dim(timeOf(at))}  ${head}`, ...rest]);
}

function textOf(line: WatchLine, style: Style): readonly string[] {
  switch (line.event) {
    case 'watching':
      return [`watching ${style.bold(visible(line.stack))}${variablesOf(line.variables)} (Ctrl-C ends it)`];
    case 'change':
      return [`revision ${line.revision}`, ...line.changes.map((change) => changeLine(change, style))];
    case 'invalid': {
      const problems = firstFew(line.problems.map(problemText), maxProblems);
      const head = `${style.red('not valid')}: revision ${line.revision} stays in effect`;
      return [head, ...problems.map((text) => style.red(`  ${text}`)), ...hintOf(line, style)];
    }
    case 'valid':
      return [style.green('valid again')];
    case 'error':
      return [`${style.yellow('warning:')} ${visible(line.message)}`, ...hintOf(line, style)];
    case 'start':
      return [`started the command (process ${line.pid})`];
    case 'end':
      return [`the command ended with ${endingOf(line)}; it runs again with the next change`];
    default:
      return line satisfies never;
  }
}

function variablesOf(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .map(([name, value]) => visible(` ${name}=${value}`))
    .join('');
}

function hintOf({ hint }: { readonly hint?: string | undefined }, style: Style): readonly string[] {
  return hint === undefined ? [] : [`  ${style.bold('hint:')} ${visible(hint)}`];
}

function endingOf({ code, signal }: Extract<WatchLine, { readonly event: 'end' }>): string {
  return signal ?? `exit code ${code}`;
}

function problemText({ file, line, column, message }: ShownProblem): string {
  const place = /^env:|^overrides$/.test(file) ? file : `${file}:${line}:${column}`;
  return visible(`${place}: ${message}`);
}

/** `12:04:05`, local time. */
function timeOf(at: Date): string {
  return [at.getHours(), at.getMinutes(), at.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
}

import type { EffectiveDiffAnswer, EffectiveFailure, FileDiff, KeyChange } from '../../repo/index.js';
import {
  formatKeyPath,
  isList,
  isMap,
  parseKeyPath,
  type ConfigValue,
  type KeyPath,
} from '../../doc/index.js';
import { cellsOf } from './cells.js';
import { visible, type Style } from './style.js';
import { count, inline, lines } from './text.js';

/** Changes by key, a file after the other; where there are no keys, the unified diff that `git apply` takes. */
export function renderDiff(files: readonly FileDiff[], style: Style): string {
  return files
    .map((file) => (file.text === undefined ? renderKeys(file, style) : renderText(file.text, style)))
    .join(files.every(({ text }) => text !== undefined) ? '' : '\n');
}

/** Changes of the merged configurations, a stack and environment after the other. */
export function renderEffective({ stacks }: EffectiveDiffAnswer, style: Style): string {
  if (stacks.length === 0) return lines(['No merged configuration changes']);
  return stacks
    .map(({ stack, variables, changes, failure }) => {
      const values = Object.entries(variables).map(([name, value]) => `${visible(name)}=${visible(value)}`);
      const head = style.bold([visible(stack), ...values].join(' '));
      return lines([head, ...failureLines(failure, style), ...changeLines(changes, style)]);
    })
    .join('\n');
}

function failureLines(failure: EffectiveFailure | undefined, style: Style): readonly string[] {
  if (failure === undefined) return [];
  const { side, message, before } = failure;
  const line = (what: string, why: string): string => `  ${style.red(`${what}:`)} ${visible(why)}`;
  const earlier = 'did not load before';
  return [
    line(side === 'after' ? 'does not load' : earlier, message),
    ...(before === undefined ? [] : [line(earlier, before)]),
  ];
}

function renderKeys(file: FileDiff, style: Style): string {
  const renamed = file.from === undefined ? '' : ` (was ${visible(file.from)})`;
  return lines([
    `${style.bold(visible(file.path))}${renamed}  ${style.dim(file.status)}`,
    ...changeLines(file.changes, style),
  ]);
}

/** Lines of what came or went as a whole that a person reads; a program gets all of them. */
const readableLeaves = 30;

/** A line for each change; of a map or list of maps that came or went, one for each value in it. */
function changeLines(changes: readonly KeyChange[], style: Style): readonly string[] {
  const limit = Number.isFinite(style.columns) ? readableLeaves : Number.POSITIVE_INFINITY;
  let shown = 0;
  let more = 0;
  const found = changes.flatMap((change) => {
    const leaves = leavesOf(change);
    const fitting = leaves.length === 1 ? leaves : leaves.slice(0, Math.max(limit - shown, 0));
    shown += fitting.length;
    more += leaves.length - fitting.length;
    return fitting.map((leaf) => changeLine(leaf, style));
  });
  return more === 0 ? found : [...found, style.dim(`  … and ${count(more, 'more value')}`)];
}

function leavesOf(change: KeyChange): readonly KeyChange[] {
  const { kind, after, before } = change;
  if (kind !== 'added' && kind !== 'removed') return [change];
  const inside = valuesIn(kind === 'added' ? after : before, parseKeyPath(change.path));
  return inside.map(([path, value]) => {
    const at = { path: formatKeyPath(path), kind };
    return kind === 'added' ? { ...at, after: value } : { ...at, before: value };
  });
}

/** The values in a value that say something by themselves; a list of texts or numbers is one. */
function valuesIn(
  value: ConfigValue | undefined,
  path: KeyPath,
): readonly (readonly [KeyPath, ConfigValue])[] {
  if (value === undefined) return [];
  const inside: readonly (readonly [string | number, ConfigValue])[] =
    isList(value) && value.some((item) => isMap(item) || isList(item))
      ? value.map((item, index) => [index, item])
      : isMap(value)
        ? Object.entries(value)
        : [];
  if (inside.length === 0) return [[path, value]];
  return inside.flatMap(([key, item]) => valuesIn(item, [...path, key]));
}

/** One change by key: `+` added, `-` removed, `~` another value, type or place. */
export function changeLine(change: KeyChange, style: Style): string {
  const path = change.path === '' ? '(whole document)' : visible(change.path);
  const room = style.columns - cellsOf(path) - 6;
  if (change.kind === 'added') return style.green(`  + ${path}: ${inline(change.after, room)}`);
  if (change.kind === 'removed') return style.red(`  - ${path}: ${inline(change.before, room)}`);
  if (change.kind === 'moved') return style.cyan(`  ~ ${path}: moved from ${visible(change.from ?? '')}`);
  const half = Math.floor((room - 4) / 2);
  const note = change.kind === 'type-changed' ? ' (another type)' : '';
  return style.yellow(`  ~ ${path}: ${inline(change.before, half)} -> ${inline(change.after, half)}${note}`);
}

function renderText(text: string, style: Style): string {
  return style
    .block(text)
    .split(/(?<=\n)/)
    .map((line) => paintLine(line, style))
    .join('');
}

function paintLine(line: string, style: Style): string {
  const content = line.replace(/\n$/, '');
  const end = line.slice(content.length);
  if (/^(diff --git|---|\+\+\+) /.test(content)) return style.bold(content) + end;
  if (content.startsWith('@@')) return style.cyan(content) + end;
  if (content.startsWith('+')) return style.green(content) + end;
  return (content.startsWith('-') ? style.red(content) : content) + end;
}

import type { EffectiveDiffAnswer, FileDiff, KeyChange } from '../../repo/index.js';
import { visible, type Style } from './style.js';
import { inline, lines } from './text.js';

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
    .map(({ stack, variables, changes }) => {
      const values = Object.entries(variables).map(([name, value]) => `${visible(name)}=${visible(value)}`);
      const head = style.bold([visible(stack), ...values].join(' '));
      return lines([head, ...changes.map((change) => changeLine(change, style))]);
    })
    .join('\n');
}

function renderKeys(file: FileDiff, style: Style): string {
  const renamed = file.from === undefined ? '' : ` (was ${visible(file.from)})`;
  return lines([
    `${style.bold(visible(file.path))}${renamed}  ${style.dim(file.status)}`,
    ...file.changes.map((change) => changeLine(change, style)),
  ]);
}

/** One change by key: `+` added, `-` removed, `~` another value, type or place. */
export function changeLine(change: KeyChange, style: Style): string {
  const path = change.path === '' ? '(whole document)' : visible(change.path);
  const room = style.columns - path.length - 6;
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

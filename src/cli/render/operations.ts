import type { OperationInfo } from '../../repo/index.js';
import { dateOf } from './history.js';
import { visible, type Style } from './style.js';
import { count, short } from './text.js';

/** One operation on a line: its id, when, the command and what it did. */
export function operationLine(operation: OperationInfo, style: Style): string {
  const { id, at, command, undone } = operation;
  const note = undone ? style.dim('  (undone)') : '';
  return `${style.yellow(id)}  ${dateOf(at)}  ${visible(command)}${detail(operation)}${note}`;
}

function detail(operation: OperationInfo): string {
  const { command, summary, files, undoes } = operation;
  if (undoes !== undefined) return ` of ${undoes.join(', ')}`;
  const said = summary.startsWith(`${command}: `)
    ? summary.slice(command.length + 2)
    : summary.replace(/^(?:commit|checkout)(?: \([a-z]+\))?: /, '');
  if (said !== '') return `  ${visible(said.replace(/\b[0-9a-f]{40}\b/g, short))}`;
  const [first] = files;
  return first === undefined ? '' : `  ${files.length === 1 ? visible(first) : count(files.length, 'file')}`;
}

/** `main: 1234567 -> abcdef0` for each ref, from what it is now to what it was. */
export function refMoves({ refs }: OperationInfo): readonly string[] {
  return refs
    .filter(({ before, after }) => before !== after)
    .map(({ ref, before, after }) => `  ${visible(nameOf(ref))}: ${stateOf(after)} -> ${stateOf(before)}`);
}

function nameOf(ref: string): string {
  return ref.replace(/^refs\/(heads|tags)\//, '');
}

function stateOf(state: string | null): string {
  if (state === null) return '(none)';
  return state.startsWith('ref: ') ? visible(nameOf(state.slice(5))) : short(state);
}

import type { OperationInfo } from '../../repo/index.js';
import { dateOf } from './history.js';
import { visible, type Style } from './style.js';
import { count, padded, short } from './text.js';

/** One operation a line: its id, when, the command and what it did. */
export function operationLines(operations: readonly OperationInfo[], style: Style): readonly string[] {
  const cells = padded(operations.map((one) => [visible(one.command), detail(one)]));
  return operations.map(({ id, at, undone }, row) => {
    const [command = '', done = ''] = cells[row] ?? [];
    const note = undone ? style.dim('  (undone)') : '';
    return `${style.yellow(id)}  ${dateOf(at)}  ${`${command}  ${done}`.trimEnd()}${note}`;
  });
}

function detail(operation: OperationInfo): string {
  const { files, undoes } = operation;
  if (undoes !== undefined) return `of ${undoes.join(', ')}`;
  const said = subjectOf(operation);
  if (said !== '') return visible(said.replace(/\b[0-9a-f]{40}\b/g, short));
  const [first] = files;
  return first === undefined ? '' : files.length === 1 ? visible(first) : count(files.length, 'file');
}

/** What the reflog says, without the name of the command; what it says of a branch has not the name of that. */
function subjectOf({ command, summary, refs: [first] }: OperationInfo): string {
  const ofBranch = /^branch: (?=Created|deleted)(.*)/.exec(summary)?.[1];
  if (ofBranch !== undefined && first !== undefined) return `${nameOf(first.ref)}: ${ofBranch}`;
  return summary.startsWith(`${command}: `)
    ? summary.slice(command.length + 2)
    : summary.replace(/^(?:commit|checkout|Branch)(?: \([a-z]+\))?: /, '').replaceAll('refs/heads/', '');
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

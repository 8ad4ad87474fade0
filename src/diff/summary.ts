import type { ConfigValue } from '../doc/index.js';
import type { ChangeKind } from './types.js';

/** One file of a summary: what happened to it, and its changes with key paths as text. */
export interface FileSummary {
  readonly path: string;
  readonly status: 'added' | 'modified' | 'deleted' | 'renamed';
  /** The old path of a rename. */
  readonly from?: string;
  /** The line diff of a file that is not compared by key. */
  readonly text?: string;
  readonly changes: readonly {
    readonly path: string;
    readonly kind: ChangeKind;
    readonly from?: string;
    readonly before?: ConfigValue;
    readonly after?: ConfigValue;
  }[];
}

/** UTF-16 code units. */
const longestValue = 80;

/** Changes as GitHub-flavoured Markdown, for a pull request: one line of totals, then a table for each file. Files in the order given. */
export function summarize(files: readonly FileSummary[]): string {
  if (files.length === 0) return 'No changes.\n';
  return [totals(files), ...files.map(section)].join('\n\n') + '\n';
}

function totals(files: readonly FileSummary[]): string {
  const kinds = files.flatMap(({ changes }) => changes.map(({ kind }) => kind));
  const order: readonly ChangeKind[] = ['added', 'removed', 'changed', 'type-changed', 'moved'];
  const counted = order.flatMap((kind) => {
    const found = kinds.filter((one) => one === kind).length;
    return found === 0 ? [] : [`${found} ${kind}`];
  });
  const detail = counted.length === 0 ? '' : `: ${counted.join(', ')}`;
  return `**${count(kinds.length, 'key')} in ${count(files.length, 'file')}**${detail}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function section(file: FileSummary): string {
  const origin = file.from === undefined ? '' : `, was ${code(file.from)}`;
  const title = `### ${code(file.path)} (${file.status}${origin})`;
  if (file.changes.length === 0) return file.text === undefined ? `${title}\n\nNo key changed.` : title;
  const rows = file.changes.map((change) =>
    row([
      change.path === '' ? '(whole document)' : code(change.path),
      change.from === undefined ? change.kind : `${change.kind} from ${code(change.from)}`,
      valueText(change.before),
      valueText(change.after),
    ]),
  );
  return [title, '', row(['key', 'change', 'before', 'after']), '| --- | --- | --- | --- |', ...rows].join(
    '\n',
  );
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function valueText(value: ConfigValue | undefined): string {
  if (value === undefined) return '';
  const text = JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'bigint' ? String(part) : part,
  );
  return code(text.length > longestValue ? `${cut(text, longestValue - 1)}…` : text);
}

/** The beginning of a text, without half of a surrogate pair at its end. */
function cut(text: string, length: number): string {
  return text.slice(0, length).replace(/[\ud800-\udbff]$/, '');
}

/** A code span that holds any text: fenced by more backticks than it has in a row. */
function code(text: string): string {
  const fence = '`'.repeat(Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length)) + 1);
  const pad = text.startsWith('`') || text.endsWith('`') || text === '' ? ' ' : '';
  return `${fence}${pad}${text.replaceAll(/[\r\n]+/g, ' ')}${pad}${fence}`;
}

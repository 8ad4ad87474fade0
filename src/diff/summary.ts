import { parseKeyPath, type ConfigValue } from '../doc/index.js';
import { maskSecrets } from '../lint/index.js';
import { bumpFor, type FileChanges } from '../version/index.js';
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

/** What changes in the merged configuration of a stack in one environment. */
export interface StackSummary {
  readonly stack: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly changes: FileSummary['changes'];
  /** Of an environment that the later side, or just the earlier one, does not load; `before` tells why the earlier one does not either. */
  readonly failure?: {
    readonly side: 'before' | 'after';
    readonly message: string;
    readonly before?: string;
  };
}

type KeyChange = FileSummary['changes'][number];

/** UTF-16 code units. */
const longestValue = 80;

/**
 * Changes as GitHub-flavoured Markdown, for a pull request: the totals, the version bump that they call for, then a table for each file. What breaks
 * readers comes first, files and keys alike, in bold; what may be a secret is masked.
 */
export function summarize(files: readonly FileSummary[]): string {
  if (files.length === 0) return 'No changes.\n';
  const { bump, reason } = bumpFor(files.map(fileChanges));
  const changes = files.flatMap((file) => file.changes);
  const head = `**${totals(changes)} in ${count(files.length, 'file')}**${detail(changes)}`;
  const sections = breakingFirst(files, (file) => bumpFor([fileChanges(file)]).bump === 'major').map(section);
  return [head, `Version bump: **${bump}** (${code(reason)})`, ...sections].join('\n\n') + '\n';
}

/**
 * The same for merged configurations: a table for each environment, or for several that change alike. The bump is the one that what environments
 * really get calls for; that of the files may be another, as when a key moves from one layer to the next.
 */
export function summarizeStacks(found: readonly StackSummary[]): string {
  if (found.length === 0) return 'No merged configuration changes.\n';
  const failing = found.filter(({ failure }) => failure !== undefined);
  const loading = found.filter(({ failure }) => failure === undefined);
  const sections = [
    failing.length > 0 ? [failures(failing)] : [],
    loading.length > 0 ? [comparisons(loading)] : [],
  ];
  return `${sections.flat().join('\n\n')}\n`;
}

function failures(found: readonly StackSummary[]): string {
  const rows = found.map((stack) => {
    const { side, message, before } = stack.failure ?? { side: 'after', message: '' };
    const what = side === 'after' ? 'does not load' : 'did not load before';
    const earlier = before === undefined ? '' : `; did not load before: ${code(before)}`;
    return `- ${code(environment(stack))} ${what}: ${code(message)}${earlier}`;
  });
  return [`**${count(found.length, 'environment')} cannot be compared**`, rows.join('\n')].join('\n\n');
}

function comparisons(found: readonly StackSummary[]): string {
  const stacks = found.map((stack) => ({ ...stack, changes: stack.changes.map(wholeStack) }));
  const { bump, reason } = bumpFor(stacks.map(stackChanges));
  const alike = new Map<string, string[]>();
  for (const stack of breakingFirst(stacks, ({ changes }) => changes.some(isBreaking))) {
    const rows = table(stack.changes);
    alike.set(rows, [...(alike.get(rows) ?? []), environment(stack)]);
  }
  const changes = stacks.flatMap((stack) => stack.changes);
  const head = `**${totals(changes)} in ${count(stacks.length, 'environment')}**${detail(changes)}`;
  const sections = [...alike].map(([rows, names]) => `### ${names.map(code).join(', ')}\n\n${rows}`);
  return [head, `Version bump: **${bump}** (${code(reason)})`, ...sections].join('\n\n');
}

function environment({ stack, variables }: StackSummary): string {
  return [stack, ...Object.entries(variables).map(([name, value]) => `${name}=${value}`)].join(' ');
}

/** A stack that one side does not have was added or removed: its value did not change its type. */
function wholeStack(change: KeyChange): KeyChange {
  if (change.path !== '') return change;
  if (change.before === null) return { path: '', kind: 'added', after: change.after ?? null };
  return change.after === null ? { path: '', kind: 'removed', before: change.before ?? null } : change;
}

function stackChanges(stack: StackSummary): FileChanges {
  return fileChanges({ path: environment(stack), status: 'modified', changes: stack.changes });
}

/** The order is kept otherwise. */
function breakingFirst<Item>(items: readonly Item[], breaks: (item: Item) => boolean): readonly Item[] {
  return items.toSorted((a, b) => Number(breaks(b)) - Number(breaks(a)));
}

function isBreaking({ path, kind }: KeyChange): boolean {
  const changes = [{ path: parseKeyPath(path), kind }];
  return bumpFor([{ path: '', status: 'modified', changes }]).bump === 'major';
}

function fileChanges({ path, status, from, text, changes }: FileSummary): FileChanges {
  const byKey = changes.length > 0 || text === undefined;
  return {
    path,
    status,
    ...(from !== undefined && { from }),
    ...(byKey && {
      changes: changes.map((change) => ({ path: parseKeyPath(change.path), kind: change.kind })),
    }),
  };
}

function totals(changes: readonly KeyChange[]): string {
  return count(changes.length, 'key');
}

function detail(changes: readonly KeyChange[]): string {
  const order: readonly ChangeKind[] = ['added', 'removed', 'changed', 'type-changed', 'moved'];
  const counted = order.flatMap((kind) => {
    const found = changes.filter((change) => change.kind === kind).length;
    return found === 0 ? [] : [`${found} ${kind}`];
  });
  return counted.length === 0 ? '' : `: ${counted.join(', ')}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function section(file: FileSummary): string {
  const origin = file.from === undefined ? '' : `, was ${code(file.from)}`;
  const title = `### ${code(file.path)} (${file.status}${origin})`;
  if (file.changes.length === 0) return file.text === undefined ? `${title}\n\nNo key changed.` : title;
  return `${title}\n\n${table(file.changes)}`;
}

function table(changes: readonly KeyChange[]): string {
  const rows = breakingFirst(changes, isBreaking).map((change) => {
    const what = change.from === undefined ? change.kind : `${change.kind} from ${code(change.from)}`;
    return row([
      change.path === '' ? '(whole document)' : code(change.path),
      isBreaking(change) ? `**${what}**` : what,
      valueText(change.before, change.path),
      valueText(change.after, change.path),
    ]);
  });
  return [row(['key', 'change', 'before', 'after']), '| --- | --- | --- | --- |', ...rows].join('\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

/** A value as code, cut where it is long. */
export function valueText(value: ConfigValue | undefined, path: string): string {
  if (value === undefined) return '';
  const text = JSON.stringify(maskSecrets(value, parseKeyPath(path)), (_key, part: unknown) =>
    typeof part === 'bigint' ? String(part) : part,
  );
  return code(text.length > longestValue ? `${cut(text, longestValue - 1)}…` : text);
}

/** The beginning of a text, without half of a surrogate pair at its end. */
function cut(text: string, length: number): string {
  return text.slice(0, length).replace(/[\ud800-\udbff]$/, '');
}

/** A code span that holds any text: fenced by more backticks than it has in a row. */
export function code(text: string): string {
  const fence = '`'.repeat(Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length)) + 1);
  const pad = text.startsWith('`') || text.endsWith('`') || text === '' ? ' ' : '';
  return `${fence}${pad}${text.replaceAll(/[\r\n]+/g, ' ')}${pad}${fence}`;
}

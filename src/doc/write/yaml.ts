/** Values as YAML text. */
import { isList, isMap } from '../equal.js';
import type { ConfigScalar, ConfigValue } from '../types.js';
import type { ScalarStyle } from '../tree.js';
import { noPadding, type Padding } from './padding.js';
import { isPrintable, yamlKey, yamlScalar } from './yaml-scalar.js';

/** How a file is laid out, so that what is added looks like the rest. */
export interface YamlLayout {
  readonly eol: string;
  /** Columns between a map and a map in it. */
  readonly step: number;
  /** Columns between a map and the `-` of a list in it: 0 or `step`. */
  readonly listStep: number;
}

export const defaultYamlLayout: YamlLayout = { eol: '\n', step: 2, listStep: 2 };

export interface ValueContext {
  readonly layout: YamlLayout;
  /** The column of the entry that has the value; -1 for the value of the document. */
  readonly column: number;
  /** The style of a scalar to keep. */
  readonly style?: ScalarStyle;
  /** A list in a map stands at its own column (with `listStep`), a list in a list is always deeper. */
  readonly inList?: boolean;
}

/**
 * What follows `key:` or `-`, the space or line break before it included and the last line break left out: ` 1`, `\n  a: 1`,
 * ` {}`, ` |\n  text`.
 */
export function yamlValue(value: ConfigValue, context: ValueContext): string {
  if (isList(value) && value.length > 0) return yamlList(value, context);
  if (isMap(value) && Object.keys(value).length > 0) return yamlMap(value, context);
  return ` ${isCollection(value) ? yamlFlow(value) : yamlLeaf(value, context)}`;
}

/** The lines of a block map at a column, joined; the first one without its indentation. */
export function yamlMapLines(value: { readonly [key: string]: ConfigValue }, context: ValueContext): string {
  return Object.entries(value)
    .map(
      ([key, item]) =>
        `${yamlKey(key, false)}:${yamlValue(item, { layout: context.layout, column: context.column })}`,
    )
    .join(lineStart(context));
}

/** The lines of a block list at a column, joined; the first one without its indentation. */
export function yamlListLines(value: readonly ConfigValue[], context: ValueContext): string {
  const { layout, column } = context;
  return value
    .map((item) => `-${yamlValue(item, { layout, column, inList: true })}`)
    .join(lineStart(context));
}

function lineStart({ layout, column }: ValueContext): string {
  return layout.eol + ' '.repeat(column);
}

function yamlMap(
  value: { readonly [key: string]: ConfigValue },
  { layout, column, inList }: ValueContext,
): string {
  const compact = inList === true;
  const inner = { layout, column: compact ? column + 2 : column < 0 ? 0 : column + layout.step };
  return (compact ? ' ' : lineStart(inner)) + yamlMapLines(value, inner);
}

function yamlList(value: readonly ConfigValue[], { layout, column, inList }: ValueContext): string {
  const compact = inList === true;
  const inner = { layout, column: compact ? column + 2 : column < 0 ? 0 : column + layout.listStep };
  return (compact ? ' ' : lineStart(inner)) + yamlListLines(value, inner);
}

function isCollection(value: ConfigValue): value is Exclude<ConfigValue, ConfigScalar> {
  return typeof value === 'object' && value !== null;
}

/** A scalar in block context; text of several lines as a block scalar where that keeps every character. */
export function yamlLeaf(value: ConfigScalar, { layout, column, style }: ValueContext): string {
  if (typeof value === 'string' && value.includes('\n') && style !== 'double' && isBlockSafe(value)) {
    return literal(value, { eol: layout.eol, indent: Math.max(column, 0) + layout.step });
  }
  return yamlScalar(value, { flow: false, ...(style === undefined ? {} : { style }) });
}

/** Whether a text survives as a block scalar in every reader: no carriage return, no blank first line, nothing to escape. */
export function isBlockSafe(value: string): boolean {
  const lines = value.split('\n');
  return (
    !/^[\s]/.test(value) &&
    !/[ \t]$/m.test(value) &&
    lines.every((line) => isPrintable(line.replaceAll('\t', '')))
  );
}

/** A literal block scalar without its last line break. */
export function literal(
  value: string,
  { eol, indent }: { readonly eol: string; readonly indent: number },
): string {
  const trailing = /\n*$/.exec(value)?.[0].length ?? 0;
  const chomp = trailing === 0 ? '-' : trailing === 1 ? '' : '+';
  const body = trailing === 0 ? value : value.slice(0, -1);
  const lines = body.split('\n').map((line) => (line === '' ? '' : ' '.repeat(indent) + line));
  return [`|${chomp}`, ...lines].join(eol);
}

/** A value in brackets on one line. */
export function yamlFlow(value: ConfigValue, padding: Padding = noPadding): string {
  const { map, list } = padding;
  if (isList(value))
    return value.length === 0
      ? '[]'
      : `[${list}${value.map((item) => yamlFlow(item, padding)).join(', ')}${list}]`;
  if (!isMap(value)) return yamlScalar(value, { flow: true });
  const fields = Object.entries(value).map(
    ([key, item]) => `${yamlKey(key, true)}: ${yamlFlow(item, padding)}`,
  );
  return fields.length === 0 ? '{}' : `{${map}${fields.join(', ')}${map}}`;
}

/** A whole YAML file. */
export function yamlDocument(value: ConfigValue): string {
  const layout = defaultYamlLayout;
  if (isList(value) && value.length > 0) return `${yamlListLines(value, { layout, column: 0 })}\n`;
  if (isMap(value) && Object.keys(value).length > 0) return `${yamlMapLines(value, { layout, column: 0 })}\n`;
  return `${yamlValue(value, { layout, column: -1 }).trimStart()}\n`;
}

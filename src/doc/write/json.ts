/** Values as JSON text. */
import { ConfigError } from '../../errors.js';
import { isList, isMap } from '../equal.js';
import type { ConfigScalar, ConfigValue } from '../types.js';
import { numberText } from './number.js';
import { noPadding, type Padding } from './padding.js';

/** How a JSON file is laid out. */
export interface JsonLayout {
  readonly eol: string;
  /** Indentation of one level; empty for everything on one line. */
  readonly indent: string;
  /** What stands after `:`. */
  readonly colon: string;
  /** What stands after `,` on one line. */
  readonly comma: string;
  /** What stands inside of brackets on one line. */
  readonly padding: Padding;
}

export const defaultJsonLayout: JsonLayout = {
  eol: '\n',
  indent: '  ',
  colon: ' ',
  comma: ' ',
  padding: noPadding,
};

/**
 * A value as JSON; `current` is the indentation of the line that it begins in.
 *
 * @throws ConfigError `E_INVALID` for NaN and infinity, which JSON cannot write.
 */
export function jsonValue(value: ConfigValue, layout: JsonLayout, current = ''): string {
  if (isList(value)) {
    const items = value.map((item) => jsonValue(item, layout, current + layout.indent));
    return bracketed(items, { kind: 'list', layout, current });
  }
  if (!isMap(value)) return jsonScalar(value);
  const fields = Object.entries(value).map(
    ([key, item]) =>
      `${JSON.stringify(key)}:${layout.colon}${jsonValue(item, layout, current + layout.indent)}`,
  );
  return bracketed(fields, { kind: 'map', layout, current });
}

interface Brackets {
  readonly kind: 'list' | 'map';
  readonly layout: JsonLayout;
  readonly current: string;
}

function bracketed(parts: readonly string[], { kind, layout, current }: Brackets): string {
  const [open, close] = kind === 'list' ? ['[', ']'] : ['{', '}'];
  const pad = layout.padding[kind];
  if (parts.length === 0) return open + close;
  if (layout.indent === '') return open + pad + parts.join(`,${layout.comma}`) + pad + close;
  const line = layout.eol + current;
  return open + parts.map((part) => line + layout.indent + part).join(',') + line + close;
}

export function jsonScalar(value: ConfigScalar): string {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new ConfigError('E_INVALID', `JSON has no way to write ${value}`);
  }
  if (typeof value === 'number') return numberText(value);
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

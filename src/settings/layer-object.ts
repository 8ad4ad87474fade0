import { isList, isMap, type ConfigObject } from '../doc/index.js';
import { outside, templateInside } from './inside.js';
import { parseLayerSpec, type LayerSpecResult } from './layer-spec.js';
import {
  optional,
  readBoolean,
  readEntries,
  readFields,
  readList,
  readText,
  readWord,
  required,
  wrong,
  type Cursor,
  type Fields,
} from './reader.js';
import { brokenPlaceholder, parseTemplate } from './template.js';
import type {
  HttpLayer,
  LayerCommon,
  LayerSource,
  LayerSpec,
  LayerStrategy,
  SqlLayer,
  Template,
} from './types.js';

export const strategies: readonly LayerStrategy[] = ['merge', 'override', 'first-wins', 'last-wins'];

const formats = ['yaml', 'json', 'ini'] as const;
const commonKeys = ['optional', 'priority', 'strategy', 'timeout', 'retries'] as const;
const ownKeys = {
  file: [],
  folder: [],
  glob: [],
  env: ['files'],
  git: [],
  http: ['format', 'headers', 'cache', 'every'],
  sql: ['query', 'parameters', 'every'],
  value: ['name'],
  failover: [],
} as const;

type Kind = keyof typeof ownKeys;
type Key = Kind | (typeof commonKeys)[number] | (typeof ownKeys)[Kind][number];
const kinds: readonly Kind[] = ['file', 'folder', 'glob', 'env', 'git', 'http', 'sql', 'value', 'failover'];

/** Reads one entry of `layers`: a text, or a map with the key that tells where it comes from and others that tell how. */
export function readLayer(cursor: Cursor): LayerSpec | undefined {
  if (typeof cursor.value === 'string' && cursor.value !== '') return shortForm(cursor, cursor.value);
  if (!isMap(cursor.value)) return wrong(cursor, 'must be a string that is not empty, or a map');
  const present = new Set(readEntries(cursor).map(([key]) => key));
  const [kind, other] = kinds.filter((name) => present.has(name));
  if (kind === undefined || other !== undefined)
    return wrong(
      cursor,
      `needs one of the keys ${kinds.join(', ')}`,
      'as in { file: local.yaml, optional: true }',
    );
  const fields = readFields<Key>(cursor, [kind, ...commonKeys, ...ownKeys[kind]]);
  const named = required(fields, kind, (field) => readSource(kind, field, fields));
  if (named === undefined) return undefined;
  const common = readCommon(fields);
  return { ...named, ...common, optional: common.optional || named.optional === true };
}

type Named = LayerSource & Pick<LayerCommon, 'text'> & { readonly optional?: boolean };

function readSource(kind: Kind, field: Cursor, fields: Fields<Key>): Named | undefined {
  if (kind === 'value') return readValue(field, fields);
  if (kind === 'failover') return readFailover(field);
  const text = readText(field);
  if (text === undefined) return undefined;
  if (kind === 'http') return readHttp(text, field, fields);
  if (kind === 'sql') return readSql(text, field, fields);
  if (kind === 'env') return readEnv(text, field, fields);
  if (kind === 'git') return shortForm(field, `git:${text}`);
  const template = readTemplate(field);
  if (template === undefined) return undefined;
  const path = templateInside(template);
  if (path === undefined) return wrong(field, outside.message, outside.hint);
  return { kind, text: kind === 'folder' ? `${text.replace(/\/+$/, '')}/` : text, path };
}

function readEnv(prefix: string, field: Cursor, fields: Fields<Key>): Named | undefined {
  const template = readTemplate(field);
  const files = optional(fields, 'files', readBoolean);
  return (
    template && {
      kind: 'env',
      text: `env:${prefix}`,
      prefix: template,
      ...(files !== undefined && { files }),
    }
  );
}

function readHttp(
  text: string,
  field: Cursor,
  fields: Fields<Key>,
): (HttpLayer & { text: string }) | undefined {
  if (!/^(?:https?:\/\/|\$\{env:)/.test(text)) return wrong(field, 'must begin with https:// or http://');
  const url = readTemplate(field, { env: true });
  const format = optional(fields, 'format', (word) => readWord(word, formats));
  const headers = optional(fields, 'headers', readHeaders) ?? new Map<string, Template>();
  const cache = optional(fields, 'cache', readBoolean);
  const everyMs = optional(fields, 'every', readDuration);
  return (
    url && {
      kind: 'http',
      text,
      url,
      headers,
      ...(format !== undefined && { format }),
      ...(cache !== undefined && { cache }),
      ...(everyMs !== undefined && { everyMs }),
    }
  );
}

function readHeaders(cursor: Cursor): ReadonlyMap<string, Template> {
  return new Map(
    readEntries(cursor).flatMap(([name, field]) => {
      const template = readTemplate(field, { env: true });
      return template === undefined ? [] : [[name, template] as const];
    }),
  );
}

function readSql(
  text: string,
  field: Cursor,
  fields: Fields<Key>,
): (SqlLayer & { text: string }) | undefined {
  const connection = readTemplate(field, { env: true });
  const query = required(fields, 'query', readText);
  const parameters = optional(fields, 'parameters', (list) =>
    readList(list, (item) => readTemplate(item, { env: true })),
  );
  const everyMs = optional(fields, 'every', readDuration);
  if (connection === undefined || query === undefined) return undefined;
  const common = { kind: 'sql', text, connection, query, parameters: parameters ?? [] } as const;
  return { ...common, ...(everyMs !== undefined && { everyMs }) };
}

function readValue(field: Cursor, fields: Fields<Key>): Named | undefined {
  const text = optional(fields, 'name', readText) ?? 'value';
  if (!isMap(field.value)) return wrong(field, 'must be a map');
  const value: ConfigObject = field.value;
  return { kind: 'value', text, value };
}

function readFailover(field: Cursor): Named | undefined {
  const layers = readList(field, readLayer);
  if (isList(field.value) && field.value.length === 0) return wrong(field, 'needs at least one layer');
  return { kind: 'failover', text: layers.map(({ text }) => text).join(' | '), layers };
}

function readCommon(fields: Fields<Key>): Omit<LayerCommon, 'text'> {
  const strategy = optional(fields, 'strategy', (word) => readWord(word, strategies));
  const timeoutMs = optional(fields, 'timeout', readDuration);
  const retries = optional(fields, 'retries', readInteger);
  return {
    optional: optional(fields, 'optional', readBoolean) ?? false,
    priority: optional(fields, 'priority', readInteger) ?? 0,
    ...(strategy !== undefined && { strategy }),
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(retries !== undefined && { retries }),
  };
}

function shortForm(cursor: Cursor, text: string): LayerSpec | undefined {
  const result: LayerSpecResult = parseLayerSpec(text);
  return 'spec' in result ? result.spec : wrong(cursor, result.message, result.hint);
}

function readTemplate(cursor: Cursor, options: { readonly env?: boolean } = {}): Template | undefined {
  const text = readText(cursor);
  if (text === undefined) return undefined;
  return parseTemplate(text, options) ?? wrong(cursor, brokenPlaceholder.message, brokenPlaceholder.hint);
}

function readInteger(cursor: Cursor): number | undefined {
  const { value } = cursor;
  return typeof value === 'number' && Number.isSafeInteger(value)
    ? value
    : wrong(cursor, 'must be a whole number');
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
/** What a timer can wait. */
const maxDurationMs = 2_147_483_647;

/** `500ms`, `5s`, `2m` or `1h`, in milliseconds. */
function readDuration(cursor: Cursor): number | undefined {
  const text = typeof cursor.value === 'string' ? cursor.value : '';
  const [, digits = '', unit = ''] = /^(\d{1,9})(ms|s|m|h)$/.exec(text) ?? [];
  const ms = Number(digits) * (units[unit] ?? 0);
  return ms > 0 && ms <= maxDurationMs
    ? ms
    : wrong(cursor, 'must be a duration', 'as in 500ms, 5s, 2m or 1h');
}

import { ConfigError, isConfigError } from '../errors.js';
import {
  formatAddress,
  formatKeyPath,
  isList,
  isMap,
  parseAddress,
  parseDocument,
  valueOf,
  type Address,
  type ConfigObject,
  type ConfigValue,
} from '../doc/index.js';
import type { Change } from '../repo/index.js';

/** One line of `cfg apply`. */
export interface ChangeLine {
  /** From 1; empty lines count. */
  readonly line: number;
  readonly change: Change;
  readonly message?: string;
  readonly author?: string;
  /** The change in words: `set a.yaml#db.max`. */
  readonly summary: string;
}

const forms =
  '{"set": "FILE#KEY", "value": V}, {"unset": "FILE#KEY"}, {"write": "FILE", "content": "…"} or {"delete": "FILE"}';

/** Reads lines of JSON, one change each; empty lines are passed over. Throws E_INVALID with the number of the line. */
export function parseChangeLines(text: string): readonly ChangeLine[] {
  return text.split('\n').flatMap((source, at) => {
    if (source.trim() === '') return [];
    try {
      return [{ line: at + 1, ...lineOf(source) }];
    } catch (error) {
      if (!isConfigError(error)) throw error;
      throw new ConfigError('E_INVALID', `line ${at + 1}: ${error.message}`, {
        hint: error.hint ?? `a line is one of ${forms}`,
        details: { ...error.details, line: at + 1 },
        cause: error,
      });
    }
  });
}

function lineOf(source: string): Omit<ChangeLine, 'line'> {
  const document = parseDocument(source, { format: 'json' });
  const [problem] = document.diagnostics;
  if (problem !== undefined) throw wrong(`${problem.message} (column ${problem.range.start.column})`);
  const value = valueOf(document);
  if (!isMap(value)) throw wrong('not a JSON object');
  const { message, author, ...fields } = value;
  for (const [name, field] of Object.entries({ message, author }))
    if (field !== undefined && typeof field !== 'string') throw wrong(`'${name}' is no text`);
  const { change, summary } = 'path' in fields ? wholeForm(fields) : shortForm(fields);
  return {
    change,
    summary,
    ...(typeof message === 'string' && { message }),
    ...(typeof author === 'string' && { author }),
  };
}

interface Described {
  readonly change: Change;
  readonly summary: string;
}

/** A change as the library takes it: `{path, set, unset}`, `{path, content}` or `{path, delete}`. */
function wholeForm(fields: ConfigObject): Described {
  const path = fileIn(textIn(fields, 'path'));
  if ('content' in fields) return write(fields, path, ['path', 'content', 'mode']);
  if ('delete' in fields) {
    requireOnly(fields, ['path', 'delete']);
    if (fields['delete'] !== true) throw wrong("'delete' is not true");
    return { change: { path, delete: true }, summary: `delete ${path}` };
  }
  requireOnly(fields, ['path', 'set', 'unset']);
  const { set = {}, unset = [] } = fields;
  if (!isMap(set)) throw wrong("'set' is no map of keys to values");
  if (!isList(unset) || !unset.every((key) => typeof key === 'string'))
    throw wrong("'unset' is no list of keys");
  const keys = [...Object.keys(set), ...unset];
  if (keys.length === 0) throw wrong('nothing to change');
  const more = keys.length > 1 ? ` and ${keys.length - 1} more` : '';
  return { change: { path, set, unset }, summary: `change ${path}#${keys[0]}${more}` };
}

function shortForm(fields: ConfigObject): Described {
  const verbs = ['set', 'unset', 'write', 'delete'].filter((verb) => verb in fields);
  const [verb] = verbs;
  if (verb === undefined || verbs.length > 1)
    throw wrong(`${verb === undefined ? 'none' : 'more than one'} of set, unset, write and delete`);
  const typed = textIn(fields, verb);
  if (verb === 'write') return write(fields, fileIn(typed), ['write', 'content', 'mode']);
  requireOnly(fields, verb === 'set' ? ['set', 'value'] : [verb]);
  if (verb === 'delete') {
    const path = fileIn(typed);
    return { change: { path, delete: true }, summary: `delete ${path}` };
  }
  const address = withoutRevision(typed);
  const { file: path } = address;
  const key = formatKeyPath(address.path ?? []);
  const summary = `${verb} ${formatAddress(address)}`;
  if (verb === 'unset') return { change: { path, unset: [key] }, summary };
  const { value } = fields;
  if (value === undefined) throw wrong("'value' is missing");
  return { change: { path, set: Object.fromEntries([[key, value]]) }, summary };
}

function write(fields: ConfigObject, path: string, allowed: readonly string[]): Described {
  requireOnly(fields, allowed);
  const { mode } = fields;
  if (mode !== undefined && mode !== '100644' && mode !== '100755' && mode !== '120000')
    throw wrong("'mode' is none of 100644, 100755 and 120000");
  const change = { path, content: textIn(fields, 'content'), ...(mode !== undefined && { mode }) };
  return { change, summary: `write ${path}` };
}

/** A file without a key. */
function fileIn(typed: string): string {
  const { file, path } = withoutRevision(typed);
  if (path !== undefined) throw wrong(`'${typed}' names a key, and a file is wanted`);
  return file;
}

function withoutRevision(typed: string): Address {
  const address = parseAddress(typed);
  if (address.revision === undefined) return address;
  throw wrong(`'${typed}' names a revision, and changes are made to the tip of the branch`);
}

function textIn(fields: ConfigObject, name: string): string {
  const value: ConfigValue | undefined = fields[name];
  if (typeof value === 'string') return value;
  throw wrong(value === undefined ? `'${name}' is missing` : `'${name}' is no text`);
}

function requireOnly(fields: ConfigObject, names: readonly string[]): void {
  const other = Object.keys(fields).find((name) => !names.includes(name));
  if (other !== undefined)
    throw wrong(`'${other}' does not go with ${names.map((n) => `'${n}'`).join(', ')}`);
}

function wrong(message: string): ConfigError {
  return new ConfigError('E_INVALID', message);
}

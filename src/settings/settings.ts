import { formatKeyPath, isMap, locate, matchPath, formatOf, parseDocument, valueOf } from '../doc/index.js';
import type { ConfigDocument, KeyPath, Position } from '../doc/index.js';
import { ConfigError } from '../errors.js';
import type { BranchRule, ProtectionLevel } from '../policy/index.js';
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
} from './reader.js';
import type { Cursor, SettingsProblem } from './reader.js';
import { readRoot, underRoot } from './root.js';
import { readRules } from './rules.js';
import { readStacks } from './stacks.js';
import { conflictStrategies } from './conflict-strategies.js';
import type { ListRule, SchemaRule, Settings, StrategyRule } from './types.js';

const latestVersion = 1;

const defaults: Settings = {
  version: latestVersion,
  root: '',
  files: ['**/*.{yaml,yml,json,ini}'],
  schemas: [],
  rules: new Map(),
  branches: [],
  merge: { lists: [], strategies: [], comments: 'soft' },
  stacks: new Map(),
};

const topKeys = ['version', 'root', 'files', 'schemas', 'rules', 'branches', 'merge', 'stacks'] as const;

const levels: readonly ProtectionLevel[] = ['none', 'basic', 'standard', 'strict'];

/**
 * Settings from the text of a `cfg.yaml`; undefined (there is none) and an empty one give the defaults.
 *
 * Throws E_SETTINGS for text that does not parse, for unknown keys and for wrong values; its message begins with
 * `FILE:LINE:COLUMN` of the first problem, and `details` has all of them as `{problems: [{file, line, column, path, message, hint?}]}`.
 *
 * @param file what to call the text in errors; default `cfg.yaml`
 */
export function parseSettings(text: string | undefined, file = 'cfg.yaml'): Settings {
  if (text === undefined) return defaults;
  const document = parseDocument(text, { format: 'yaml' });
  const broken = document.diagnostics.filter(({ severity }) => severity === 'error');
  if (broken.length > 0)
    throw failure(
      file,
      broken.map(({ message, range, path }) => ({ message, position: range.start, path: path ?? [] })),
    );
  const problems: SettingsProblem[] = [];
  const settings = readSettings(document, (problem) => problems.push(problem));
  if (problems.length > 0)
    throw failure(
      file,
      problems.map((problem) => placed(document, problem)),
    );
  return settings;
}

/** Whether a file counts as configuration: the last of `files` that matches its path is not a `!` one, and its format is known. */
export function isConfigFile(settings: Settings, repoPath: string): boolean {
  if (formatOf(repoPath) === undefined) return false;
  const last = settings.files.findLast((glob) =>
    matchPath(glob.startsWith('!') ? glob.slice(1) : glob, repoPath),
  );
  return last !== undefined && !last.startsWith('!');
}

function readSettings(document: ConfigDocument, report: Cursor['report']): Settings {
  const value = valueOf(document);
  if (value === null) return defaults;
  const root: Cursor = { value, path: [], report, keysOf: fileOrder(document) };
  if (!isMap(value)) return wrong(root, 'must be a map') ?? defaults;
  const version = readVersion(root);
  if (version === undefined) return defaults;
  const fields = readFields(root, topKeys);
  const written: Settings = {
    version,
    root: optional(fields, 'root', readRoot) ?? defaults.root,
    files: optional(fields, 'files', (list) => readList(list, readText, { single: true })) ?? defaults.files,
    schemas: optional(fields, 'schemas', (list) => readList(list, readSchemaRule)) ?? defaults.schemas,
    rules: optional(fields, 'rules', readRules) ?? defaults.rules,
    branches: optional(fields, 'branches', readBranches) ?? defaults.branches,
    merge: optional(fields, 'merge', readMerge) ?? defaults.merge,
    stacks: optional(fields, 'stacks', readStacks) ?? defaults.stacks,
  };
  return underRoot(written, { files: fields.byName.has('files') });
}

/** The version alone comes first: a newer file is refused as a whole, whatever else it says. */
function readVersion(root: Cursor): 1 | undefined {
  const version = readEntries(root).find(([key]) => key === 'version')?.[1];
  if (version === undefined || version.value === latestVersion) return latestVersion;
  const { value } = version;
  if (typeof value === 'number' && Number.isInteger(value) && value > latestVersion)
    return wrong(
      version,
      `is newer than this cfg knows (${latestVersion})`,
      'update cfg: npm install -g cfgit',
    );
  return wrong(version, `must be ${latestVersion}`);
}

function readSchemaRule(cursor: Cursor): SchemaRule | undefined {
  const fields = readFields(cursor, ['files', 'schema']);
  const files = required(fields, 'files', readText);
  const schema = required(fields, 'schema', readText);
  return files === undefined || schema === undefined ? undefined : { files, schema };
}

function readBranches(cursor: Cursor): readonly BranchRule[] {
  return readEntries(cursor).flatMap(([pattern, rule]) => readBranchRule(pattern, rule) ?? []);
}

function readBranchRule(pattern: string, cursor: Cursor): BranchRule | undefined {
  const fields = readFields(cursor, ['protection', 'approvals', 'signed']);
  const protection = required(fields, 'protection', (word) => readWord(word, levels));
  const { count = 1, signed: signedApprovals = false } =
    optional(fields, 'approvals', (field) =>
      protection === undefined || protection === 'strict' ? readApprovals(field) : uselessApprovals(field),
    ) ?? {};
  const signed = optional(fields, 'signed', (field) =>
    protection === 'none' ? uselessSigned(field) : readBoolean(field),
  );
  return (
    protection && {
      pattern,
      protection,
      approvals: protection === 'strict' ? count : 0,
      ...(signedApprovals && { signedApprovals }),
      ...(signed === true && { signed }),
    }
  );
}

/** A number, or `{count, signed}`. */
function readApprovals(cursor: Cursor): { readonly count?: number; readonly signed?: boolean } {
  if (!isMap(cursor.value)) return withCount(readCount(cursor));
  const fields = readFields(cursor, ['count', 'signed']);
  const signed = optional(fields, 'signed', readBoolean);
  return { ...withCount(optional(fields, 'count', readCount)), ...(signed !== undefined && { signed }) };
}

function withCount(count: number | undefined): { readonly count?: number } {
  return count === undefined ? {} : { count };
}

function uselessSigned(field: Cursor): undefined {
  return wrong(field, "counts only with a protection above 'none'", 'remove it, or set protection: basic');
}

function uselessApprovals(field: Cursor): undefined {
  return wrong(field, "counts only with 'protection: strict'", 'remove it, or set protection: strict');
}

function readCount(cursor: Cursor): number | undefined {
  const { value } = cursor;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
  return wrong(cursor, 'must be a whole number, 0 or more');
}

function readMerge(cursor: Cursor): Settings['merge'] {
  const fields = readFields(cursor, ['lists', 'strategies', 'comments']);
  return {
    lists: optional(fields, 'lists', (list) => readList(list, readListRule)) ?? [],
    strategies: optional(fields, 'strategies', (list) => readList(list, readStrategyRule)) ?? [],
    comments: optional(fields, 'comments', (word) => readWord(word, ['soft', 'strict'])) ?? 'soft',
  };
}

function readListRule(cursor: Cursor): ListRule | undefined {
  const fields = readFields(cursor, ['at', 'key', 'set', 'atomic']);
  const at = required(fields, 'at', readText);
  const keys = optional(fields, 'key', (key) => readList(key, readText, { single: true }));
  const set = optional(fields, 'set', readTrue);
  const ways = ['key', 'set', 'atomic'] as const;
  if (ways.filter((way) => fields.byName.has(way)).length !== 1)
    return wrong(cursor, "takes exactly one of 'key', 'set' and 'atomic'");
  const atomic = optional(fields, 'atomic', readTrue);
  if (at === undefined) return undefined;
  if (keys !== undefined) return { at, kind: 'key', fields: keys };
  return (set ?? atomic) === undefined ? undefined : { at, kind: set ? 'set' : 'atomic' };
}

function readTrue(cursor: Cursor): true | undefined {
  return cursor.value === true ? true : wrong(cursor, 'must be true');
}

function readStrategyRule(cursor: Cursor): StrategyRule | undefined {
  const fields = readFields(cursor, ['at', 'use']);
  const at = required(fields, 'at', readText);
  const use = required(fields, 'use', (word) => readWord(word, conflictStrategies));
  return at === undefined || use === undefined ? undefined : { at, use };
}

/** JavaScript has keys in the order of the file, except for those that are numbers. */
function fileOrder(document: ConfigDocument): Cursor['keysOf'] {
  const offsetOf = (path: KeyPath): number => locate(document, path, 'key')?.start.offset ?? 0;
  return (path, map) => {
    const keys = Object.keys(map);
    if (!keys.some((key) => /^\d+$/.test(key))) return keys;
    return keys
      .map((key) => ({ key, offset: offsetOf([...path, key]) }))
      .toSorted((a, b) => a.offset - b.offset)
      .map(({ key }) => key);
  };
}

interface PlacedProblem {
  readonly position: Position;
  readonly path: KeyPath;
  readonly message: string;
  readonly hint?: string;
}

/** A list or map points at its key, where a reader looks for it. */
function placed(document: ConfigDocument, { path, part, message, hint }: SettingsProblem): PlacedProblem {
  const range = locate(document, path, part) ?? locate(document, path) ?? locate(document, []);
  return {
    position: range?.start ?? { offset: 0, line: 1, column: 1 },
    path,
    message: path.length === 0 ? `the settings ${message}` : `'${formatKeyPath(path)}' ${message}`,
    ...(hint === undefined ? {} : { hint }),
  };
}

function failure(file: string, problems: readonly PlacedProblem[]): ConfigError {
  const sorted = problems.toSorted((a, b) => a.position.offset - b.position.offset);
  const details = sorted.map(({ position: { line, column }, path, message, hint }) => {
    return { file, line, column, path: formatKeyPath(path), message, ...(hint !== undefined && { hint }) };
  });
  const first = details[0];
  const more = sorted.length > 1 ? ` (and ${sorted.length - 1} more)` : '';
  const where = first === undefined ? file : `${file}:${first.line}:${first.column}: ${first.message}`;
  return new ConfigError('E_SETTINGS', `${where}${more}`, {
    hint: sorted[0]?.hint ?? `correct ${file}; its keys are explained in docs/settings.md`,
    details: { problems: details },
  });
}

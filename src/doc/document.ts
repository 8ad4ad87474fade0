/** A parsed document of any format. */
import { ConfigError } from '../errors.js';
import { conflictMarkers } from './conflict-markers.js';
import { checkDuplicates } from './duplicates.js';
import { Problems, type Problem } from './diagnostics.js';
import { dialectOf, formatOf, type Dialect } from './format.js';
import { parseIni } from './ini/parse.js';
import { parseJson } from './json/parse.js';
import { templateMark } from './template-mark.js';
import { printTree, type DocumentNode, type DocumentTree } from './tree.js';
import type { ConfigValue, Diagnostic, Format } from './types.js';
import { keepValue, treeValue } from './value.js';
import { parseYaml } from './yaml/parse.js';
import { maxPlainDepth, readPlain } from './yaml/plain.js';
import { plainTree } from './yaml/plain-tree.js';

/** A text and what is known about it. Immutable: an edit makes a new one. */
export interface ConfigDocument {
  readonly format: Format;
  /** The source, byte order mark included. */
  readonly text: string;
  /** Sorted by place; at most about a hundred. */
  readonly diagnostics: readonly Diagnostic[];
  /** Whether it has a value: no diagnostic of severity `error`. */
  readonly valid: boolean;
  /**
   * The pieces of the text. Absent when the text has no structure (a syntax error, too large, too deep); there in spite of an error
   * of meaning such as a duplicate key or an unresolved alias.
   */
  readonly tree?: DocumentTree;
  /** Of a document that an edit made: the one before the first edit, so that a value set back looks as it did. */
  readonly origin?: ConfigDocument;
  /** What it was parsed with. */
  readonly options: ParseOptions;
}

/** What is too much to read. */
export interface Limits {
  /** UTF-16 code units of the text; default 5,000,000. */
  readonly maxLength: number;
  /** Nested collections; default 512. */
  readonly maxDepth: number;
  /** Nodes of the value after aliases are followed; default 1,000,000. */
  readonly maxExpanded: number;
}

/** What is too much unless {@link ParseOptions} say otherwise. */
export const defaultLimits: Limits = { maxLength: 5_000_000, maxDepth: 512, maxExpanded: 1_000_000 };

/** A file of more bytes is over the limit of characters, whatever it says: a UTF-16 code unit has at most three of them in UTF-8. */
export const maxDocumentBytes: number = 3 * defaultLimits.maxLength;

/** How a text is to be read. */
export interface ParseOptions {
  /** Repository path: decides the format and the dialect (JSON with comments, Python's INI). */
  readonly path?: string;
  /** The format, when the path does not tell or tells wrong; default YAML. */
  readonly format?: Format;
  readonly limits?: Partial<Limits>;
}

/** Reads a text; whatever is wrong with it becomes a diagnostic. Never throws. Linear in the length of the text. */
export function parseDocument(text: string, options: ParseOptions = {}): ConfigDocument {
  return read(text, { format: options.format ?? formatOf(options.path ?? '') ?? 'yaml', options });
}

/** What an edit makes of a document: another text, read in the same way. */
export function editedDocument(before: ConfigDocument, text: string): ConfigDocument {
  const { format, options } = before;
  return read(text, { format, options, origin: before.origin ?? before });
}

type ReadOptions = Pick<ConfigDocument, 'format' | 'options' | 'origin'>;

function read(text: string, { format, options, origin }: ReadOptions): ConfigDocument {
  const limits = { ...defaultLimits, ...options.limits };
  const isPlain = format === 'yaml' && text.length <= limits.maxLength && maxPlainDepth <= limits.maxDepth;
  const value = isPlain ? readPlain(text) : undefined;
  const before = origin && { origin };
  return value === undefined
    ? { ...parseWhole(text, { format, limits, options }), ...before }
    : plainDocument({ text, options, value, ...before });
}

interface WholeOptions {
  readonly format: Format;
  readonly limits: Limits;
  readonly options: ParseOptions;
}

function parseWhole(text: string, { format, limits, options }: WholeOptions): ConfigDocument {
  const found = takenApart(text, { format, limits, options });
  // a text of several lines may look like either; in INI each of its lines would be a key
  const cause = found.valid && format !== 'ini' ? undefined : (leftConflict(text) ?? templateIn(found));
  if (cause === undefined) return found;
  const problems = new Problems(text);
  problems.add(cause);
  return { format, text, diagnostics: problems.sorted(), valid: false, options };
}

/** Everything else that a parser has to say about a text with conflict markers in it follows from them. */
function leftConflict(text: string): Problem | undefined {
  const markers = conflictMarkers(text);
  const message =
    'conflict markers: a merge is not finished here (cfg conflicts shows it, cfg resolve decides)';
  return markers && { rule: 'conflict-markers', message, ...markers };
}

/** The same holds for a template, which is a broken document to a parser of YAML. Those of the other formats stop at the first mistake. */
function templateIn({ format, text, diagnostics }: ConfigDocument): Problem | undefined {
  const first = diagnostics.find(({ severity }) => severity === 'error');
  const isBroken = format === 'yaml' && first?.rule === 'syntax';
  const mark = isBroken ? templateMark(text, first.range.start.offset) : undefined;
  const message = 'a template, not YAML: leave it out (files in cfg.yaml), or quote the placeholder';
  return mark && { rule: 'template', message, ...mark };
}

function takenApart(text: string, { format, limits, options }: WholeOptions): ConfigDocument {
  const problems = new Problems(text);
  const tree = parseTree(text, { format, dialect: dialectOf(format, options.path), limits, problems });
  if (tree) checkDuplicates(tree, problems);
  const diagnostics = problems.sorted();
  return { format, text, diagnostics, valid: !problems.hasErrors, ...(tree ? { tree } : {}), options };
}

interface PlainDocument {
  readonly value: ConfigValue;
  readonly hasTree: () => boolean;
}

const plainDocuments = new WeakMap<ConfigDocument, PlainDocument>();

/** A valid document of which only the value was read. Its pieces are when somebody asks for them. */
function plainDocument({ value, ...given }: PlainOptions): ConfigDocument {
  let tree: DocumentTree | undefined;
  const document: ConfigDocument = {
    format: 'yaml',
    diagnostics: [],
    valid: true,
    get tree() {
      return (tree ??= plainPieces(given.text, value));
    },
    ...given,
  };
  plainDocuments.set(document, { value, hasTree: () => tree !== undefined });
  return document;
}

interface PlainOptions extends Pick<ConfigDocument, 'text' | 'options' | 'origin'> {
  readonly value: ConfigValue;
}

function plainPieces(text: string, value: ConfigValue): DocumentTree {
  const tree: DocumentTree = { format: 'yaml', bom: '', eol: '\n', documents: [plainTree(text, value)] };
  if (printTree(tree) !== text) throw new ConfigError('E_INTERNAL', 'plain YAML was taken apart wrongly');
  keepValue(tree, value);
  return tree;
}

/** The value of a document that was read as plain YAML, while nobody has asked for its pieces. */
export function untakenValue(doc: ConfigDocument): ConfigValue | undefined {
  const plain = plainDocuments.get(doc);
  return plain?.hasTree() === false ? plain.value : undefined;
}

/** Whether the pieces of a document are made already, or it has none: those of plain YAML are made when they are first asked for. */
export function hasPieces(doc: ConfigDocument): boolean {
  return untakenValue(doc) === undefined;
}

/** The value of a document that is valid; undefined of others. */
export function validValue(doc: ConfigDocument): ConfigValue | undefined {
  if (!doc.valid) return undefined;
  const plain = plainDocuments.get(doc);
  return plain === undefined ? doc.tree && treeValue(doc.tree) : plain.value;
}

interface TreeOptions {
  readonly format: Format;
  readonly dialect: Dialect;
  readonly limits: Limits;
  readonly problems: Problems;
}

function parseTree(
  text: string,
  { format, dialect, limits, problems }: TreeOptions,
): DocumentTree | undefined {
  if (text.length > limits.maxLength) {
    const message = `the text is longer than ${limits.maxLength} characters`;
    problems.add({ rule: 'too-large', message, start: 0, end: 0 });
    return undefined;
  }
  const documents = parseDocuments(text, { format, dialect, limits, problems });
  if (!documents) return undefined;
  const bom = text.startsWith('\uFEFF') ? '\uFEFF' : '';
  const tree: DocumentTree = { format, bom, eol: eolOf(text), documents };
  if (printTree(tree) === text) return tree;
  problems.add({ rule: 'unsupported', message: 'cfg cannot take this text apart', start: 0, end: 0 });
  return undefined;
}

function parseDocuments(
  text: string,
  { format, dialect, limits, problems }: TreeOptions,
): readonly DocumentNode[] | undefined {
  if (format === 'yaml') return parseYaml(text, limits, problems);
  if (format === 'json') return parseJson(text, { limits, problems, comments: dialect === 'jsonc' });
  return [parseIni(text, { python: dialect === 'python', problems })];
}

function eolOf(text: string): '\n' | '\r\n' {
  const newline = text.indexOf('\n');
  return newline > 0 && text[newline - 1] === '\r' ? '\r\n' : '\n';
}

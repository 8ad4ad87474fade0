import {
  isList,
  locate,
  valueOf,
  type ConfigDocument,
  type Diagnostic,
  type KeyPath,
  type SourceRange,
} from '../doc/index.js';
import type { CompiledSchema, SchemaFindings, SchemaNote, SchemaProblem } from './types.js';

/** What a schema has to say about a document. */
export interface DocumentFindings {
  /** At the token concerned, sorted by place; keys that are deprecated are warnings. */
  readonly diagnostics: readonly Diagnostic[];
  /** Values that name a file of the repository or a key in one, for whoever can look. */
  readonly references: readonly DocumentReference[];
}

export interface DocumentReference {
  readonly path: KeyPath;
  readonly target: string;
  readonly range: SourceRange;
}

/**
 * What a schema has to say about a document. A file of several YAML documents is checked document by document. A document that does not
 * parse has no value to check: then the answer is its own diagnostics. Throws E_LIMIT.
 */
export function validateDocument(document: ConfigDocument, schema: CompiledSchema): DocumentFindings {
  if (!document.valid) return { diagnostics: document.diagnostics, references: [] };
  const value = valueOf(document);
  // the tree is made when it is asked for, which most documents never need
  const found =
    isList(value) && (document.tree?.documents.length ?? 1) > 1
      ? value.map((each, index) => within(index, schema.inspect(each)))
      : [schema.inspect(value)];
  if (found.every(isClean)) return clean;
  const problems = found.flatMap((one) => one.problems.map((problem) => placed(document, problem)));
  const notes = found.flatMap((one) => one.notes);
  return {
    diagnostics: [...problems, ...deprecations(document, notes)].toSorted(
      (a, b) => a.range.start.offset - b.range.start.offset,
    ),
    references: notes.flatMap((note) =>
      note.kind === 'reference'
        ? [{ path: note.path, target: note.target, range: rangeOf(document, note.path, 'value') }]
        : [],
    ),
  };
}

const clean: DocumentFindings = { diagnostics: [], references: [] };

function isClean({ problems, notes }: SchemaFindings): boolean {
  return problems.length === 0 && notes.length === 0;
}

function within(index: number, { problems, notes }: SchemaFindings): SchemaFindings {
  return {
    problems: problems.map((problem) => ({ ...problem, path: [index, ...problem.path] })),
    notes: notes.map((note) => ({ ...note, path: [index, ...note.path] })),
  };
}

/** Several branches of a schema may call the same key deprecated. */
function deprecations(document: ConfigDocument, notes: readonly SchemaNote[]): readonly Diagnostic[] {
  const found = new Map<string, Diagnostic>();
  for (const note of notes)
    if (note.kind === 'deprecated')
      found.set(note.message, {
        rule: 'deprecated',
        severity: 'warning',
        message: note.message,
        path: note.path,
        range: rangeOf(document, note.path, 'key'),
      });
  return [...found.values()];
}

function placed(document: ConfigDocument, { path, part, rule, message }: SchemaProblem): Diagnostic {
  return { rule, severity: 'error', message, path, range: rangeOf(document, path, part) };
}

/**
 * A key that stands nowhere (a value through a YAML alias has no place of its own) is shown at what holds it; what is missing from the whole
 * document at its beginning.
 */
function rangeOf(document: ConfigDocument, path: KeyPath, part: 'key' | 'value'): SourceRange {
  const start = { offset: 0, line: 1, column: 1 };
  const found = locate(document, path, part) ?? locate(document, path);
  if (found !== undefined)
    return path.length === 0 && part === 'key' ? { ...found, end: found.start } : found;
  return path.length === 0 ? { start, end: start } : rangeOf(document, path.slice(0, -1), 'key');
}

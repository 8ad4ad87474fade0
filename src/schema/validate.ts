import {
  isList,
  locate,
  valueOf,
  type ConfigDocument,
  type ConfigValue,
  type Diagnostic,
  type SourceRange,
} from '../doc/index.js';
import type { CompiledSchema, SchemaProblem } from './types.js';

/** The problems of a plain value, sorted by key path; empty when it satisfies the schema. Throws E_LIMIT. */
export function validateValue(value: ConfigValue, schema: CompiledSchema): readonly SchemaProblem[] {
  return schema.check(value);
}

/**
 * The problems of a document, each at the token concerned and sorted by place. A file of several YAML documents is checked document by
 * document. A document that does not parse has no value to check: then the answer is its own diagnostics. Throws E_LIMIT.
 */
export function validateDocument(document: ConfigDocument, schema: CompiledSchema): readonly Diagnostic[] {
  if (!document.valid) return document.diagnostics;
  const value = valueOf(document);
  const stream = (document.tree?.documents.length ?? 1) > 1;
  const problems =
    stream && isList(value)
      ? value.flatMap((each, index) => within(index, validateValue(each, schema)))
      : validateValue(value, schema);
  return problems
    .map((problem) => placed(document, problem))
    .toSorted((a, b) => a.range.start.offset - b.range.start.offset);
}

function within(index: number, problems: readonly SchemaProblem[]): readonly SchemaProblem[] {
  return problems.map((problem) => ({ ...problem, path: [index, ...problem.path] }));
}

function placed(document: ConfigDocument, { path, part, rule, message }: SchemaProblem): Diagnostic {
  return { rule, severity: 'error', message, path, range: rangeOf(document, path, part) };
}

/** A key that stands nowhere (a value through a YAML alias has no place of its own) is shown at what holds it. */
function rangeOf(document: ConfigDocument, path: SchemaProblem['path'], part: 'key' | 'value'): SourceRange {
  const start = { offset: 0, line: 1, column: 1 };
  const found = locate(document, path, part) ?? locate(document, path);
  if (found !== undefined) return found;
  return path.length === 0 ? { start, end: start } : rangeOf(document, path.slice(0, -1), 'key');
}

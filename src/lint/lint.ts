import { rangeAt, type ConfigDocument, type Diagnostic, type KeyPath, type Node } from '../doc/index.js';
import { checkKeys } from './key-rules.js';
import type { Finding, Report } from './report.js';
import { checkScalar } from './scalar-rules.js';
import { checkText } from './text-rules.js';
import { isUnremarkable } from './unremarkable.js';

/** Rules of which one finding a file is enough, with a count: they are about habits, not places. */
const habits: ReadonlySet<string> = new Set([
  'yaml-boolean',
  'yaml-number',
  'imprecise-number',
  'case-collision',
]);

/**
 * What is suspicious about a document that parses: traps of its format, and secrets in plain text. All of severity `warning`; sorted by
 * place. Linear in the length of the text, and empty for a document without structure, but for what the text alone shows.
 */
export function lintDocument(document: ConfigDocument): readonly Diagnostic[] {
  if (isUnremarkable(document)) return [];
  const findings: Finding[] = [];
  const report: Report = (finding) => void findings.push(finding);
  checkText(document.text, report);
  const { tree } = document;
  const several = (tree?.documents.length ?? 0) > 1;
  tree?.documents.forEach(({ value }, index) => {
    new Walk(tree.format, report).node(value, several ? [index] : []);
  });
  return withoutRepetition(findings)
    .toSorted((a, b) => a.start - b.start)
    .map((finding) => diagnosticOf(finding, document.text));
}

class Walk {
  private readonly format: ConfigDocument['format'];
  private readonly report: Report;

  constructor(format: ConfigDocument['format'], report: Report) {
    this.format = format;
    this.report = report;
  }

  node(node: Node, path: KeyPath): void {
    if (node.kind === 'scalar') {
      const found = checkScalar(node, { format: this.format, path });
      if (found !== undefined) this.report(found);
      return;
    }
    if (node.kind === 'map') {
      checkKeys(node, path, this.report);
      for (const { key, value } of node.entries) this.node(value, key.path ?? [...path, key.name]);
    } else node.entries.forEach(({ value }, index) => this.node(value, [...path, index]));
  }
}

function withoutRepetition(findings: readonly Finding[]): readonly Finding[] {
  const counts = new Map<string, number>();
  for (const { rule } of findings) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  const seen = new Set<string>();
  return findings.flatMap((finding) => {
    const { rule, message } = finding;
    if (!habits.has(rule)) return [finding];
    if (seen.has(rule)) return [];
    seen.add(rule);
    const more = (counts.get(rule) ?? 1) - 1;
    return [more === 0 ? finding : { ...finding, message: `${message} (${more} more in this file)` }];
  });
}

function diagnosticOf({ rule, message, start, end, path, related }: Finding, text: string): Diagnostic {
  return {
    rule,
    severity: 'warning',
    message,
    range: rangeAt(text, start, end),
    ...(path && { path }),
    ...(related && {
      related: [{ range: rangeAt(text, related.start, related.end), message: related.message }],
    }),
  };
}

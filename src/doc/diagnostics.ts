/** Gathers the problems of one text. */
import { rangeAt } from './position.js';
import type { Diagnostic, KeyPath, Severity } from './types.js';

export interface Problem {
  readonly rule: string;
  readonly message: string;
  readonly start: number;
  readonly end: number;
  /** Default `error`. */
  readonly severity?: Severity;
  readonly path?: KeyPath;
  /** Another place that belongs to it. */
  readonly related?: { readonly start: number; readonly end: number; readonly message: string };
}

/** A text with one mistake may have thousands of follow-ups. */
const maxDiagnostics = 100;

export class Problems {
  private readonly text: string;
  private readonly found: Diagnostic[] = [];
  private errors = 0;
  private dropped = 0;

  constructor(text: string) {
    this.text = text;
  }

  get hasErrors(): boolean {
    return this.errors > 0;
  }

  add(problem: Problem): void {
    const { rule, message, start, end, severity = 'error', path, related } = problem;
    if (severity === 'error') this.errors += 1;
    if (this.found.length >= maxDiagnostics && (severity === 'warning' || this.errors > 1)) {
      this.dropped += 1;
      return;
    }
    this.found.push({
      rule,
      severity,
      message,
      range: rangeAt(this.text, start, Math.max(start, end)),
      ...(path && { path }),
      ...(related && {
        related: [{ range: rangeAt(this.text, related.start, related.end), message: related.message }],
      }),
    });
  }

  /** Sorted by place; what is left out is counted in a last one. */
  sorted(): readonly Diagnostic[] {
    const sorted = this.found.toSorted((a, b) => a.range.start.offset - b.range.start.offset);
    if (this.dropped === 0) return sorted;
    const message = `${this.dropped} more problems are not shown`;
    const range = rangeAt(this.text, this.text.length, this.text.length);
    return [...sorted, { rule: 'too-many', severity: 'warning', message, range }];
  }
}

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
}

/** A text with one mistake may have thousands of follow-ups. */
const maxDiagnostics = 100;

export class Problems {
  private readonly text: string;
  private readonly found: Diagnostic[] = [];
  private errors = 0;

  constructor(text: string) {
    this.text = text;
  }

  get hasErrors(): boolean {
    return this.errors > 0;
  }

  add({ rule, message, start, end, severity = 'error', path }: Problem): void {
    if (severity === 'error') this.errors += 1;
    if (this.found.length >= maxDiagnostics && (severity === 'warning' || this.errors > 1)) return;
    const range = rangeAt(this.text, start, Math.max(start, end));
    this.found.push({ rule, severity, message, range, ...(path ? { path } : {}) });
  }

  /** Sorted by place. */
  sorted(): readonly Diagnostic[] {
    return this.found.toSorted((a, b) => a.range.start.offset - b.range.start.offset);
  }
}

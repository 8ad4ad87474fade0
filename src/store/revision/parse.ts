/** The grammar of revisions: a name and then steps (git: gitrevisions). */
import { findDateLimit } from './date-limit.js';

export type RevisionStep =
  /** `^n`: the n-th parent; 0 the commit itself. */
  | { readonly kind: 'parent'; readonly count: number }
  /** `~n`: n times the first parent. */
  | { readonly kind: 'ancestor'; readonly count: number }
  /** `^{type}`; '' peels tags until something else comes. */
  | { readonly kind: 'peel'; readonly type: string }
  /** `^{/text}`: the newest commit that leads there and whose message matches; `^{/!-text}` the newest that does not. */
  | { readonly kind: 'message'; readonly pattern: string; readonly negated: boolean }
  /** `@{n}`: n changes of the ref ago. */
  | { readonly kind: 'reflog'; readonly count: number }
  /** `@{2026-01-31}`, `@{2 days ago}`: the value of the ref then, in seconds since 1970. */
  | { readonly kind: 'date'; readonly timestamp: number }
  /** `@{upstream}`, `@{u}`. */
  | { readonly kind: 'upstream' }
  /** `@{-n}`: the n-th branch that was checked out before. */
  | { readonly kind: 'previous'; readonly count: number };

export interface ParsedRevision {
  /** Empty: the current branch for a `@{...}`, every ref for a `:/text`. */
  readonly name: string;
  readonly steps: readonly RevisionStep[];
}

/** Undefined when the text cannot be a revision. */
export function parseRevision(text: string): ParsedRevision | undefined {
  if (text.startsWith(':/') && text.length > 2) return { name: '', steps: [messageStep(text.slice(2))] };
  const nameEnd = /@\{|[~^]/.exec(text)?.index ?? text.length;
  const name = text.slice(0, nameEnd);
  const steps: RevisionStep[] = [];
  const pattern = /@\{([^}]*)\}|\^\{([^}]*)\}|([~^])(\d*)/y;
  pattern.lastIndex = nameEnd;
  while (pattern.lastIndex < text.length) {
    const found = pattern.exec(text);
    const step = found === null ? undefined : stepOf(found);
    if (step === undefined) return undefined;
    steps.push(step);
  }
  if (name === '' && (steps.length === 0 || !text.startsWith('@{'))) return undefined;
  // git: object-name.c, get_oid_basic: what was checked out before is no matter of one branch.
  if (name !== '' && steps[0]?.kind === 'previous') return undefined;
  return { name: name === '@' ? 'HEAD' : name, steps };
}

function stepOf([, at, type, sign, digits = '']: RegExpExecArray): RevisionStep | undefined {
  // git: object-name.c, peel_onion: an empty text is looked for in no message, and leads to the commit itself.
  if (type === '/') return { kind: 'peel', type: 'commit' };
  if (type?.startsWith('/') === true) return messageStep(type.slice(1));
  if (type !== undefined) return { kind: 'peel', type };
  if (at !== undefined) return stepOfBraces(at);
  const count = digits === '' ? 1 : Number(digits);
  return { kind: sign === '^' ? 'parent' : 'ancestor', count };
}

function stepOfBraces(text: string): RevisionStep | undefined {
  if (/^\d{1,9}$/.test(text)) return { kind: 'reflog', count: Number(text) };
  if (/^-[1-9]\d{0,8}$/.test(text)) return { kind: 'previous', count: Number(text.slice(1)) };
  if (/^(u|upstream)$/i.test(text)) return { kind: 'upstream' };
  const timestamp = parseDate(text);
  return timestamp === undefined ? undefined : { kind: 'date', timestamp };
}

/** git: object-name.c, init_pattern_and_neg: `!!` begins a text with `!`. */
function messageStep(text: string): RevisionStep {
  const negated = text.startsWith('!-');
  return { kind: 'message', pattern: negated ? text.slice(2) : text.replace(/^!!/, '!'), negated };
}

/** As git has it, words without a time of day mean the present one. */
function parseDate(text: string): number | undefined {
  const words = text.replace(/^today$/i, 'now').replace(/^yesterday$/i, '1 day ago');
  return findDateLimit(words, new Date(), 'start');
}

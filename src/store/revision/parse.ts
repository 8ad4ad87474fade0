/** The grammar of revisions: a name and then steps (git: gitrevisions). */

export type RevisionStep =
  /** `^n`: the n-th parent; 0 the commit itself. */
  | { readonly kind: 'parent'; readonly count: number }
  /** `~n`: n times the first parent. */
  | { readonly kind: 'ancestor'; readonly count: number }
  /** `^{type}`; '' peels tags until something else comes. */
  | { readonly kind: 'peel'; readonly type: string }
  /** `@{n}`: n changes of the ref ago. */
  | { readonly kind: 'reflog'; readonly count: number }
  /** `@{2026-01-31}`: the value of the ref then, in seconds since 1970. */
  | { readonly kind: 'date'; readonly timestamp: number }
  /** `@{upstream}`, `@{u}`. */
  | { readonly kind: 'upstream' }
  /** `@{-n}`: the n-th branch that was checked out before. */
  | { readonly kind: 'previous'; readonly count: number };

export interface ParsedRevision {
  /** Empty: HEAD, or for a `@{...}` the current branch. */
  readonly name: string;
  readonly steps: readonly RevisionStep[];
}

/** Undefined when the text cannot be a revision. */
export function parseRevision(text: string): ParsedRevision | undefined {
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
  return { name: name === '@' ? 'HEAD' : name, steps };
}

function stepOf([, at, type, sign, digits = '']: RegExpExecArray): RevisionStep | undefined {
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

/** ISO 8601 as people write it, `2026-01-31` or `2026-01-31 12:00 +0200`; local time where no zone is given. */
function parseDate(text: string): number | undefined {
  const pattern = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?) ?(Z|[+-]\d{2}:?\d{2})?)?$/;
  const [, day, time = '00:00:00', zone = ''] = pattern.exec(text) ?? [];
  const milliseconds = Date.parse(`${day}T${time}${zone.replace(/^(...)(\d\d)$/, '$1:$2')}`);
  return Number.isNaN(milliseconds) ? undefined : Math.floor(milliseconds / 1000);
}

import { ConfigError, isConfigError } from '../errors.js';
import { assemble, matches } from './automaton.js';
import { parsePattern, type Pattern } from './pattern-syntax.js';

interface Matcher {
  readonly test: (text: string) => boolean;
  /** Tells patterns apart; the validator keeps one for each. */
  readonly toString: () => string;
}

/**
 * A regular expression of a schema, matched in time linear in the text: by the platform's engine where it cannot go back (anchored, no
 * more than one repetition of varying length, of one character), else by an automaton. The platform's engine takes for ever on
 * patterns such as `^(a+)+$`.
 *
 * Throws E_INVALID for back references and inline flags, which no automaton can do, and E_LIMIT for huge repetitions.
 */
function compilePattern(source: string): Matcher {
  const expression = expressionOf(source);
  const pattern = parsePattern(source);
  if (pattern === undefined)
    throw new ConfigError('E_INVALID', `the pattern '${source}' uses a back reference or inline flags`, {
      hint: 'cfg matches in linear time, which allows neither: write it without',
      details: { pattern: source },
    });
  const toString = (): string => `/${source}/u`;
  if (isDirect(pattern)) return { test: (text) => expression.test(text), toString };
  const program = programOf(source, pattern);
  return { test: (text) => matches(program, text), toString };
}

function expressionOf(source: string): RegExp {
  try {
    return new RegExp(source, 'u');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.replace(/^.*: /s, '') : '';
    throw new ConfigError('E_INVALID', `the pattern '${source}' is no regular expression: ${reason}`, {
      hint: "patterns are those of ECMAScript with the flag 'u', in which only what needs it is escaped",
      details: { pattern: source },
      cause,
    });
  }
}

function programOf(source: string, pattern: Pattern): ReturnType<typeof assemble> {
  try {
    return assemble(pattern);
  } catch (cause) {
    if (!isConfigError(cause, 'E_LIMIT')) throw cause;
    throw new ConfigError('E_LIMIT', `the pattern '${source}' repeats too much to be matched`, {
      hint: 'allow fewer repetitions inside of each other',
      details: { pattern: source },
      cause,
    });
  }
}

/** The engine as the validator wants it: a function with the code that names it. */
export const linearRegExp: ((source: string, flags: string) => Matcher) & { readonly code: string } =
  Object.assign((source: string) => compilePattern(source), { code: 'linearRegExp' });

/** Whether there is at most one way to read a text, but for where the only repetition ends. */
function isDirect(pattern: Pattern): boolean {
  const parts = pattern.kind === 'sequence' ? pattern.parts : [pattern];
  const [first] = parts;
  if (first?.kind !== 'assertion' || first.source !== '^') return false;
  const simple = parts.every(
    (part) =>
      part.kind === 'character' ||
      part.kind === 'assertion' ||
      (part.kind === 'repeat' && part.body.kind === 'character'),
  );
  return simple && parts.filter((part) => part.kind === 'repeat' && part.min !== part.max).length <= 1;
}

/** The structure of a regular expression of ECMAScript (with the `u` flag), as far as matching in linear time needs it. */
export type Pattern =
  | { readonly kind: 'empty' }
  /** One character; `source` is the class, escape or literal as written. */
  | { readonly kind: 'character'; readonly source: string }
  | { readonly kind: 'assertion'; readonly source: '^' | '$' | '\\b' | '\\B' }
  | { readonly kind: 'sequence'; readonly parts: readonly Pattern[] }
  | { readonly kind: 'choice'; readonly options: readonly Pattern[] }
  | { readonly kind: 'repeat'; readonly body: Pattern; readonly min: number; readonly max: number }
  | { readonly kind: 'look'; readonly body: Pattern; readonly behind: boolean; readonly negative: boolean };

/**
 * Takes an expression apart that `new RegExp(source, 'u')` accepts. Undefined for what no linear matcher can do: back references
 * and inline flags. Whether a quantifier is lazy makes no difference to a test.
 */
export function parsePattern(source: string): Pattern | undefined {
  const parser = new PatternParser(source);
  const pattern = parser.choice(0);
  return parser.supported ? pattern : undefined;
}

const escape =
  /\\(?:[pP]\{[^}]*\}|u\{[^}]*\}|u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|c[a-zA-Z]|[^])/uy;
const characterClass = /\[(?:\\[^]|[^\]\\])*\]/uy;
const group = /\((?:\?(?:<?[=!]|:|<[^>]*>)|(?!\?))/uy;
const quantifier = /(?:[*+?]|\{(\d+)(,?)(\d*)\})\??/uy;
const literal = /[^()|]/uy;

/** Groups inside of each other; more than anyone writes, and few enough to recurse over. */
const maxDepth = 200;

class PatternParser {
  supported = true;
  private at = 0;
  private readonly source: string;

  constructor(source: string) {
    this.source = source;
  }

  choice(depth: number): Pattern {
    if (depth > maxDepth) this.giveUp();
    const options = [this.sequence(depth)];
    while (this.take(/\|/uy) !== undefined) options.push(this.sequence(depth));
    const [only] = options;
    return options.length === 1 && only !== undefined ? only : { kind: 'choice', options };
  }

  private sequence(depth: number): Pattern {
    const parts: Pattern[] = [];
    for (let atom = this.atom(depth); atom !== undefined; atom = this.atom(depth))
      parts.push(this.repeated(atom));
    const [only] = parts;
    if (only === undefined) return { kind: 'empty' };
    return parts.length === 1 ? only : { kind: 'sequence', parts };
  }

  private atom(depth: number): Pattern | undefined {
    const assertion = this.take(/[$^]|\\[bB]/uy);
    if (assertion === '^' || assertion === '$' || assertion === '\\b' || assertion === '\\B')
      return { kind: 'assertion', source: assertion };
    const opening = this.take(group);
    if (opening !== undefined) return this.group(opening, depth);
    const source = this.take(escape) ?? this.take(characterClass) ?? this.take(literal);
    if (source === undefined)
      return this.at < this.source.length && this.source[this.at] === '(' ? this.giveUp() : undefined;
    return /^\\[1-9k]/.test(source) ? this.giveUp() : { kind: 'character', source };
  }

  private group(opening: string, depth: number): Pattern {
    const body = this.choice(depth + 1);
    this.take(/\)/uy);
    const look = /^\(\?(<?)([=!])$/.exec(opening);
    return look === null ? body : { kind: 'look', body, behind: look[1] === '<', negative: look[2] === '!' };
  }

  private repeated(body: Pattern): Pattern {
    const found = this.take(quantifier);
    if (found === undefined) return body;
    if (found[0] !== '{')
      return { kind: 'repeat', body, min: found[0] === '+' ? 1 : 0, max: found[0] === '?' ? 1 : Infinity };
    const [, least = '0', comma, most] = /^\{(\d+)(,?)(\d*)\}/.exec(found) ?? [];
    const min = Number(least);
    return { kind: 'repeat', body, min, max: comma === '' ? min : most === '' ? Infinity : Number(most) };
  }

  private take(token: RegExp): string | undefined {
    token.lastIndex = this.at;
    const found = token.exec(this.source)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  private giveUp(): undefined {
    this.supported = false;
    this.at = this.source.length;
    return undefined;
  }
}

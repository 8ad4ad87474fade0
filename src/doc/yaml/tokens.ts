/** The concrete syntax tokens of a YAML text, within limits. */
import type { CST } from 'yaml';
import { yaml } from '../../packages.js';
import type { Limits } from '../document.js';

export type Token = CST.Token;
export type SourceToken = CST.SourceToken;
export type CollectionItem = CST.CollectionItem;

/** Tokens, or where the nesting became too deep. */
export type Tokens = { readonly tokens: readonly Token[] } | { readonly tooDeepAt: number };

/**
 * Reads all tokens, a byte order mark left out (the library takes `- a: 1` behind one for a mistake); stops early at nesting deeper than `maxDepth`.
 */
export function readTokens(text: string, { maxDepth }: Pick<Limits, 'maxDepth'>): Tokens {
  const bom = text.startsWith('\uFEFF') ? 1 : 0;
  const nesting = new Nesting(bom);
  const parser = new (yaml().Parser)();
  parser.offset = bom;
  const tokens: Token[] = [];
  for (const lexeme of new (yaml().Lexer)().lex(text.slice(bom))) {
    if (nesting.next(lexeme) > maxDepth) return { tooDeepAt: nesting.offset - 1 };
    for (const token of parser.next(lexeme)) if (!isTrivia(token)) tokens.push(token);
  }
  for (const token of parser.end()) tokens.push(token);
  const tooDeepAt = deeperThan(tokens, maxDepth);
  return tooDeepAt === undefined ? { tokens } : { tooDeepAt };
}

/** The marks that the lexer puts between the lexemes; they have no place in the text. */
const documentMark = '\u0002';
const flowErrorMark = '\u0018';
const scalarMark = '\u001F';
const isMark = (lexeme: string): boolean =>
  lexeme === documentMark || lexeme === flowErrorMark || lexeme === scalarMark;

/** Counts brackets, and the indicators of a line outside of them (`- - -`), which open a collection each. */
class Nesting {
  offset: number;
  private brackets = 0;
  private indicators = 0;
  private inScalar = false;

  constructor(offset: number) {
    this.offset = offset;
  }

  next(lexeme: string): number {
    if (!this.inScalar && isMark(lexeme)) {
      this.inScalar = lexeme === scalarMark;
      return 0;
    }
    this.offset += lexeme.length;
    this.count(lexeme);
    this.inScalar = false;
    return this.brackets + this.indicators;
  }

  private count(lexeme: string): void {
    if (lexeme.includes('\n')) this.indicators = 0;
    if (this.inScalar) return;
    if (this.brackets === 0 && (lexeme === '-' || lexeme === '?' || lexeme === ':')) this.indicators += 1;
    if (lexeme === '[' || lexeme === '{') this.brackets += 1;
    else if ((lexeme === ']' || lexeme === '}') && this.brackets > 0) this.brackets -= 1;
  }
}

/** Where a collection begins that is nested deeper than `maxDepth`; no recursion, the depth is not known yet. */
function deeperThan(tokens: readonly Token[], maxDepth: number): number | undefined {
  const open: { readonly token: Token; readonly depth: number }[] = tokens.map((token) => ({
    token,
    depth: 0,
  }));
  for (let item = open.pop(); item; item = open.pop()) {
    const { token, depth } = item;
    if (token.type === 'document') {
      if (token.value) open.push({ token: token.value, depth });
    } else if ('items' in token) {
      if (depth + 1 > maxDepth) return token.offset;
      for (const { key, value } of token.items) {
        if (key && 'items' in key) open.push({ token: key, depth: depth + 1 });
        if (value && 'items' in value) open.push({ token: value, depth: depth + 1 });
      }
    }
  }
  return undefined;
}

/** Whether a token is space, a line break or a comment. */
export function isTrivia({ type }: Token): boolean {
  return type === 'space' || type === 'newline' || type === 'comment';
}

/**
 * The offset after a token; of a collection, after its last byte that is neither space nor comment. The line break that ends a
 * block scalar is not part of it here: it ends the line as it does after any other scalar.
 */
export function tokenEnd(token: Token): number {
  switch (token.type) {
    case 'block-scalar':
      return blockScalarEnd(token);
    case 'flow-collection':
      return (token.end[0]?.offset ?? token.offset) + 1;
    case 'block-map':
    case 'block-seq':
      return collectionEnd(token);
    case 'document':
      return token.offset;
    default:
      return token.offset + token.source.length;
  }
}

function blockScalarEnd({ offset, props, source }: CST.BlockScalar): number {
  const parts = [...props.map((prop) => ('source' in prop ? prop.source : '')), source];
  const text = parts.join('');
  const lineBreak = /\r?\n$/.exec(text)?.[0] ?? '';
  return offset + text.length - lineBreak.length;
}

function collectionEnd({ offset, items }: CST.BlockMap | CST.BlockSequence): number {
  for (let index = items.length - 1; index >= 0; index -= 1) {
    const item = items[index];
    const end = item ? itemEnd(item) : 0;
    if (end > 0) return end;
  }
  return offset;
}

/** 0 for an item of space and comments only. */
function itemEnd({ start, key, sep, value }: CollectionItem): number {
  if (value) return tokenEnd(value);
  const last = [...start, ...(sep ?? [])].findLast((token) => !isTrivia(token));
  return Math.max(key ? tokenEnd(key) : 0, last ? last.offset + last.source.length : 0);
}

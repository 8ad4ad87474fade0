/** YAML text to a tree and diagnostics. */
import type { Document, ScalarTag, YAMLError } from 'yaml';
import { yaml } from '../../packages.js';
import type { Limits } from '../document.js';
import type { Problems } from '../diagnostics.js';
import type { DocumentNode } from '../tree.js';
import { unsetText } from '../types.js';
import { Anchors } from './anchors.js';
import { TreeBuilder } from './build.js';
import { CstSpans } from './cst-spans.js';
import { checkDirectives } from './directives.js';
import type { Region } from './spans.js';
import { readTokens, type Token } from './tokens.js';

/** Reads the documents of a stream; `undefined` when it has no structure, and then `problems` says why. */
export function parseYaml(
  source: string,
  limits: Limits,
  problems: Problems,
): readonly DocumentNode[] | undefined {
  const read = readTokens(source, limits);
  if ('tooDeepAt' in read) {
    const message = `collections are nested deeper than ${limits.maxDepth}`;
    problems.add({ rule: 'too-deep', message, start: read.tooDeepAt, end: read.tooDeepAt + 1 });
    return undefined;
  }
  const documents = compose(read.tokens, problems);
  checkDirectives(read.tokens, problems);
  if (problems.hasErrors) return undefined;
  const anchors = new Anchors(limits, (problem, start, end) => problems.add({ ...problem, start, end }));
  const builder = new TreeBuilder(source, anchors);
  const spans = new CstSpans(source);
  const tokens = read.tokens.filter((token) => token.type === 'document');
  const bom = source.startsWith('\uFEFF') ? 1 : 0;
  if (tokens.length === 0) return [emptyDocument(source, bom)];
  const regions = regionsOf(source, read.tokens, bom);
  return tokens.flatMap((token, index) => {
    const region = regions[index];
    if (region === undefined) return [];
    anchors.reset();
    return [builder.document(spans.root(token, documents[index]?.contents, region), region)];
  });
}

/** `key: !unset` reads as the text that removes a key from the layers below (docs/layers.md). */
const unsetTag: ScalarTag = {
  tag: '!unset',
  resolve: (text, onError) => {
    if (text !== '') onError('has a value');
    return unsetText;
  },
};

function compose(tokens: readonly Token[], problems: Problems): readonly Document.Parsed[] {
  const composer = new (yaml().Composer)({
    keepSourceTokens: true,
    uniqueKeys: false,
    intAsBigInt: true,
    prettyErrors: false,
    logLevel: 'silent',
    schema: 'core',
    resolveKnownTags: false,
    merge: false,
    customTags: (tags) => [...tags, unsetTag],
  });
  const documents = [...composer.compose(tokens)];
  const stream = composer.streamInfo();
  for (const { errors, warnings } of [...documents, stream]) {
    for (const error of errors)
      if (!isBeyondEnd(error) || !problems.hasErrors) problems.add(problemOf(error, 'error'));
    for (const warning of warnings) problems.add(problemOf(warning, 'warning'));
  }
  return documents;
}

/** Whether it tells of a token behind the end of the document: there is one for each, and the first mistake is to blame for all. */
function isBeyondEnd({ code, message }: YAMLError): boolean {
  return code === 'UNEXPECTED_TOKEN' && /^Unexpected \S+ (?:at node end|token in YAML stream)/.test(message);
}

function problemOf(error: YAMLError, severity: 'error' | 'warning'): Parameters<Problems['add']>[0] {
  const [start, end] = error.pos;
  const rule = ruleOf(error.code, severity);
  return { rule, severity, message: messageOf(error), start, end };
}

function ruleOf(code: YAMLError['code'], severity: 'error' | 'warning'): string {
  if (code === 'TAB_AS_INDENT') return 'tab-indentation';
  return code === 'TAG_RESOLVE_FAILED' && severity === 'warning' ? 'unknown-tag' : 'syntax';
}

/** The message without what it quotes from the source, which may be a secret. */
function messageOf(error: YAMLError): string {
  const { code, message } = error;
  if (isBeyondEnd(error))
    return 'text after the end of the value: is a quote missing, or the indentation wrong?';
  if (code === 'TAG_RESOLVE_FAILED') return 'the tag is not known, or does not fit the value';
  if (code === 'BAD_DIRECTIVE') return 'the directive is not known, or not complete';
  if (code === 'BAD_DQ_ESCAPE') return 'invalid escape sequence in a double-quoted string';
  const plain = message.replace(/(?<! ): .*$/s, '');
  return plain.slice(0, 1).toLowerCase() + plain.slice(1);
}

function emptyDocument(source: string, from: number): DocumentNode {
  const at = source.length;
  return {
    head: source.slice(from),
    value: { kind: 'scalar', style: 'empty', open: '', text: '', value: null, offset: at, end: at },
    foot: '',
  };
}

/** Cuts the stream into its documents: comments and directives after `...` belong to the next one. */
function regionsOf(source: string, tokens: readonly Token[], bom: number): Region[] {
  const marks = tokens.filter(({ type }) => type === 'document' || type === 'doc-end');
  const regions: Region[] = [];
  let from = bom;
  marks.forEach((token, index) => {
    if (token.type !== 'document') return;
    const next = marks[index + 1];
    const contentTo = next?.offset ?? source.length;
    const to = next?.type === 'doc-end' ? lineEnd(source, contentTo) : contentTo;
    const start = token.start.find(({ type }) => type === 'doc-start');
    regions.push({ from, contentFrom: start ? start.offset + 3 : from, contentTo, to });
    from = to;
  });
  const last = regions.pop();
  return last ? [...regions, { ...last, to: source.length }] : regions;
}

function lineEnd(source: string, from: number): number {
  const newline = source.indexOf('\n', from);
  return newline < 0 ? source.length : newline + 1;
}

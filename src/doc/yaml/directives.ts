/** What the `yaml` package lets pass about directives. */
import type { Problems } from '../diagnostics.js';
import type { Token } from './tokens.js';

/** Directives belong to a document, and it has one `%YAML` at most (YAML 1.2.2, section 6.8.1 and production 208). */
export function checkDirectives(tokens: readonly Token[], problems: Problems): void {
  let pending: Token | undefined;
  let hasVersion = false;
  for (const token of tokens) {
    if (token.type === 'document') [pending, hasVersion] = [undefined, false];
    if (token.type !== 'directive') continue;
    const isVersion = token.source.startsWith('%YAML');
    if (isVersion && hasVersion) add(problems, token, 'the document has a %YAML directive already');
    hasVersion ||= isVersion;
    pending ??= token;
  }
  if (pending !== undefined) add(problems, pending, 'the directive has no document (--- is missing)');
}

function add(problems: Problems, token: Token, message: string): void {
  const length = 'source' in token ? token.source.length : 0;
  problems.add({ rule: 'syntax', message, start: token.offset, end: token.offset + length });
}

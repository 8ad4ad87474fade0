import { isMap, locate, rangeAt, valueOf, type ConfigDocument, type SourceRange } from '../doc/index.js';
import type { RepoPath } from '../store/index.js';
import { pathFrom } from './path-from.js';

/** A schema that a file names itself. */
export interface NamedSchema {
  /** Undefined where it leads out of the repository. */
  readonly path: RepoPath | undefined;
  readonly range: SourceRange;
}

/**
 * The schemas of the repository that a document names: in a top-level `$schema`, or in a comment `# yaml-language-server: $schema=PATH`
 * above its content. URLs name none (nothing is ever fetched), and what is installed in `node_modules` is no part of a repository.
 */
export function namedSchemas(path: RepoPath, document: ConfigDocument): readonly NamedSchema[] {
  if (!document.text.includes('$schema')) return [];
  return [keyed(document), commented(document)].flatMap((found) => {
    if (found === undefined || isForeign(found.name)) return [];
    return [{ path: pathFrom(path, found.name.replace(/#$/, '')), range: found.range }];
  });
}

function isForeign(name: string): boolean {
  return name === '' || /^[a-z][a-z0-9+.-]*:/i.test(name) || name.split(/[\\/]/).includes('node_modules');
}

interface Found {
  readonly name: string;
  readonly range: SourceRange;
}

function keyed(document: ConfigDocument): Found | undefined {
  if (!document.valid || document.format === 'ini') return undefined;
  const value = valueOf(document);
  const name = isMap(value) && Object.hasOwn(value, '$schema') ? value['$schema'] : undefined;
  const range = locate(document, ['$schema']);
  return typeof name === 'string' && range !== undefined ? { name, range } : undefined;
}

/** github.com/redhat-developer/yaml-language-server: "Using inlined schema" */
function commented({ format, text }: ConfigDocument): Found | undefined {
  if (format !== 'yaml' || !text.includes('yaml-language-server')) return undefined;
  const head = /^(?:\uFEFF?(?:[ \t]*#[^\n]*|%[^\n]*|---[ \t]*|[ \t]*)\r?\n)*/.exec(text)?.[0] ?? '';
  const found = /#[ \t]*yaml-language-server[ \t]*:[ \t]*\$schema=([^\s#]+)/d.exec(head);
  const [start, end] = found?.indices?.[1] ?? [0, 0];
  return found?.[1] === undefined ? undefined : { name: found[1], range: rangeAt(text, start, end) };
}

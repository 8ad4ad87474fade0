import type { ConfigValue } from '../doc/index.js';
import { code, valueText } from './summary.js';
import type { ChangeKind } from './types.js';
import { phraseText, type Phrase } from '../version/index.js';

/** What one release changed. */
export interface ReleaseNotes {
  /** The heading: a tag, or `Unreleased`. */
  readonly title: string;
  /** `2026-01-31`; absent for what is not released. */
  readonly date?: string;
  /** In the order they are listed in. */
  readonly changes: readonly NotedChange[];
}

export interface NotedChange {
  readonly bump: 'major' | 'minor' | 'patch' | 'none';
  readonly file: string;
  /** In words, for what is no change of the value of one key. */
  readonly said: Phrase;
  /** A key path as text; absent for a change of the whole file. */
  readonly path?: string;
  readonly kind?: ChangeKind;
  readonly before?: ConfigValue;
  readonly after?: ConfigValue;
}

const groups = [
  ['major', 'Breaking'],
  ['minor', 'Added'],
  ['patch', 'Changed'],
] as const;

/** Release notes as Markdown: a section a release, what is breaking first. */
export function formatChangelog(releases: readonly ReleaseNotes[]): string {
  return ['# Changelog', ...releases.map(section)].join('\n\n') + '\n';
}

function section({ title, date, changes }: ReleaseNotes): string {
  const heading = `## ${title}${date === undefined ? '' : ` (${date})`}`;
  const parts = groups.flatMap(([bump, name]) => {
    const found = changes.filter((change) => change.bump === bump);
    return found.length === 0 ? [] : [`### ${name}\n\n${found.map(item).join('\n')}`];
  });
  return [heading, ...(parts.length === 0 ? ['No key changed.'] : parts)].join('\n\n');
}

function item({ file, path, kind, before, after, said }: NotedChange): string {
  if (path === undefined || kind === undefined) return `- ${phraseText(said, code)}`;
  const key = `- ${code(file)}: ${code(path)}`;
  if (kind === 'added') return `${key} was added: ${valueText(after, path)}`;
  if (kind === 'removed') return `${key} was removed, it was ${valueText(before, path)}`;
  if (kind === 'moved') return `${key} moved`;
  if (before === undefined && after === undefined) return `- ${phraseText(said, code)}`;
  const type = kind === 'type-changed' ? ', another type' : '';
  return `${key} changed from ${valueText(before, path)} to ${valueText(after, path)}${type}`;
}

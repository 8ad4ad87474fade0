import type { ConfigValue } from '../doc/index.js';
import { code, valueText } from './summary.js';
import type { ChangeKind } from './types.js';

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
  /** In words, for what is no change of one key. */
  readonly reason: string;
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

function item({ file, path, kind, before, after, reason }: NotedChange): string {
  const place = `- ${code(file)}`;
  if (path === undefined || kind === undefined) return `- ${sentence(reason, file)}`;
  const key = `${place}: ${code(path)}`;
  if (kind === 'added') return `${key} was added: ${valueText(after, path)}`;
  if (kind === 'removed') return `${key} was removed, it was ${valueText(before, path)}`;
  if (kind === 'moved') return `${key} moved`;
  if (before === undefined && after === undefined)
    return `${key} ${reason.replace(/^.* (?=became|allows|changed)/, '')}`;
  const type = kind === 'type-changed' ? ', another type' : '';
  return `${key} changed from ${valueText(before, path)} to ${valueText(after, path)}${type}`;
}

/** A reason with the file in it as code. */
function sentence(reason: string, file: string): string {
  const ofSchema = `the schema ${file}`;
  if (reason.startsWith(ofSchema)) return `the schema ${code(file)}${reason.slice(ofSchema.length)}`;
  return reason.endsWith(` to ${file}`) || !reason.startsWith(file)
    ? reason.replace(
        /^(.*) was renamed to (.*)$/,
        (_, from: string, to: string) => `${code(from)} was renamed to ${code(to)}`,
      )
    : code(file) + reason.slice(file.length);
}

import { unifiedDiff } from '../diff/index.js';
import type { ChangedFile } from './compare.js';
import { textOf } from './text.js';

/** A changed file as `git diff` prints it, without the `index` line, so that `git apply` takes it (git: Documentation/diff-generate-patch). */
export function lineDiff(file: ChangedFile): string {
  const { path, from = path, before, after } = file;
  const [old, now] = [before && textOf(before.data), after && textOf(after.data)];
  const binary = (before && old === undefined) === true || (after && now === undefined) === true;
  const labels = {
    from: before === undefined ? '/dev/null' : quotePath(`a/${from}`),
    to: after === undefined ? '/dev/null' : quotePath(`b/${path}`),
  };
  const header = `diff --git ${quotePath(`a/${from}`)} ${quotePath(`b/${path}`)}\n${extendedHeader(file)}`;
  if (binary)
    return sameBytes(file) ? header : `${header}Binary files ${labels.from} and ${labels.to} differ\n`;
  return header + unifiedDiff(old ?? '', now ?? '', labels);
}

function extendedHeader({ path, from, before, after }: ChangedFile): string {
  const lines: string[] = [];
  if (before === undefined) lines.push(`new file mode ${after?.mode ?? '100644'}`);
  else if (after === undefined) lines.push(`deleted file mode ${before.mode}`);
  else if (before.mode !== after.mode) lines.push(`old mode ${before.mode}`, `new mode ${after.mode}`);
  if (from !== undefined) lines.push(`rename from ${quotePath(from)}`, `rename to ${quotePath(path)}`);
  return lines.map((line) => `${line}\n`).join('');
}

function sameBytes({ before, after }: ChangedFile): boolean {
  return before !== undefined && after !== undefined && Buffer.compare(before.data, after.data) === 0;
}

const escapes: Readonly<Record<string, string>> = {
  '\u0007': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\u000b': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '"': '\\"',
  '\\': '\\\\',
};

/** git: quote.c, quote_c_style, as with core.quotePath=false. */
function quotePath(path: string): string {
  // oxlint-disable-next-line no-control-regex -- exactly these would break the line
  const quoted = path.replace(/[\u0000-\u001f"\\\u007f]/g, (character) => {
    const octal = character.charCodeAt(0).toString(8).padStart(3, '0');
    return escapes[character] ?? `\\${octal}`;
  });
  return quoted === path ? path : `"${quoted}"`;
}

import { chmodSync, existsSync, lstatSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as fc from 'fast-check';

/** One thing that somebody does to a worktree. */
export type Edit =
  | { readonly do: 'write'; readonly path: string; readonly text: string }
  | { readonly do: 'remove'; readonly path: string }
  | { readonly do: 'link'; readonly path: string; readonly target: string }
  | { readonly do: 'chmod'; readonly path: string; readonly mode: number };

const names = ['a', 'b.yaml', 'd', 'ä', 'e f'];
const path = fc
  .array(fc.constantFrom(...names), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join('/'));

const lines = Array.from({ length: 20 }, (_, at) => `key${at}: value number ${at}\n`);
const text = fc.oneof(
  fc.constantFrom('', 'x\n', 'y\n', 'zz\r\n'),
  fc.subarray(lines, { minLength: 8 }).map((some) => some.join('')),
);

export const edit: fc.Arbitrary<Edit> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('write' as const), path, text }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('remove' as const), path }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('link' as const),
      path,
      target: fc.constantFrom('.', '..', '../x', 'none'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('chmod' as const), path, mode: fc.constantFrom(0o644, 0o755) }),
  },
);

export const edits: fc.Arbitrary<readonly Edit[]> = fc.array(edit, { maxLength: 12 });

/** What is in the way (a file where a folder is needed, a folder where a file goes) is removed, so that files and folders often swap. */
export function applyEdit(root: string, one: Edit): void {
  const target = join(root, one.path);
  if (one.do === 'chmod') {
    if (isReachable(root, one.path) && lstatSync(target).isFile()) chmodSync(target, one.mode);
    return;
  }
  if (one.do === 'remove') {
    if (isReachable(root, one.path)) rmSync(target, { recursive: true, force: true });
    return;
  }
  clearWay(root, one.path);
  rmSync(target, { recursive: true, force: true });
  mkdirSync(dirname(target), { recursive: true });
  if (one.do === 'write') writeFileSync(target, one.text);
  else symlinkSync(one.target, target);
}

/** Only through real folders. */
function isReachable(root: string, name: string): boolean {
  const parts = name.split('/');
  const parents = parts.slice(0, -1).map((_, at) => join(root, ...parts.slice(0, at + 1)));
  return parents.every(isRealFolder) && lstatSync(join(root, name), { throwIfNoEntry: false }) !== undefined;
}

function clearWay(root: string, name: string): void {
  const parts = name.split('/').slice(0, -1);
  for (const at of parts.keys()) {
    const folder = join(root, ...parts.slice(0, at + 1));
    const stat = lstatSync(folder, { throwIfNoEntry: false });
    if (stat && !stat.isDirectory()) rmSync(folder);
  }
}

function isRealFolder(folder: string): boolean {
  return existsSync(folder) && lstatSync(folder).isDirectory();
}

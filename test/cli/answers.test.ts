import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { emptyFolder, run } from './command-line.js';
import { catalogue } from '../../src/cli/catalogue.js';
import { shellWords } from './shell-words.js';

const commit =
  '{commit: string, parents: [], author: {name: string, email: string, date: string}, message: string, tags: []}';
const keyChange = '{path: string, kind: string, before: number, after: number}';
const tag = '{tag: string, version: string, commit: string, digest: string}';
const conflict = '{file: string, path: string, kind: string, base: number, ours: number, theirs: number}';
const approval = '{by: string, at: string, message: string}';
const edit = '{file: string, path: string, before: number, after: number}';

const remoteRef = '{name: string, oid: string}';
const remoteTag = '{name: string, oid: string, peeled: string}';
const update = '{ref: string, before: null, after: string, result: string}';

/** One command line after the other, with its exit code and the shape of its answer: the contract of `--json`. */
const script: readonly (readonly [line: string, code: number, shape: string])[] = [
  ['init', 0, '{dir: string, branch: string, created: boolean}'],
  [
    'status',
    0,
    '{branch: string, head: null, protection: string, upstream: null, merging: boolean, staged: [], unstaged: [], untracked: [string], conflicts: []}',
  ],
  ['add -A', 0, '{staged: [string]}'],
  [
    'commit -m first',
    0,
    '{commit: string, branch: string, parents: [], tree: string, changes: {files: number, keys: number}}',
  ],
  ['set services/api.yaml#replicas 4', 0, edit],
  [
    'status',
    0,
    '{branch: string, head: string, protection: string, upstream: null, merging: boolean, staged: [], unstaged: [{path: string, change: string}], untracked: [], conflicts: []}',
  ],
  ['diff', 0, `{files: [{path: string, status: string, changes: [${keyChange}]}]}`],
  ['diff --exit-code', 1, `{files: [{path: string, status: string, changes: [${keyChange}]}]}`],
  ['diff --summary', 0, `{files: [{path: string, status: string, changes: [${keyChange}]}]}`],
  ['diff --text', 0, `{files: [{path: string, status: string, changes: [${keyChange}], text: string}]}`],
  ['restore services/api.yaml', 0, '{restored: [string]}'],
  ['set services/api.yaml#added 1', 0, '{file: string, path: string, before: null, after: number}'],
  ['unset services/api.yaml#added', 0, '{file: string, path: string, before: number, after: null}'],
  [
    'get services/api.yaml#replicas',
    0,
    '{value: number, source: {file: string, line: number, column: number}}',
  ],
  [
    'get HEAD:services/api.yaml#replicas',
    0,
    '{value: number, source: {revision: string, file: string, line: number, column: number}}',
  ],
  [
    'get db.port -e dev',
    0,
    '{value: number, source: {layer: string, file: string, line: number, column: number}}',
  ],
  ['validate', 0, '{valid: boolean, files: number, problems: []}'],
  [
    'schema check schemas/app.schema.json schemas/flags.schema.json',
    1,
    '{compatible: boolean, changes: [*]}',
  ],
  [
    'schema infer services/api.yaml',
    0,
    '{*schema: string, type: string, required: [string], properties: *, additionalProperties: boolean}',
  ],
  ['validate services --rev HEAD', 0, '{valid: boolean, files: number, problems: []}'],
  [
    'blame services/api.yaml#replicas',
    0,
    '{keys: [{path: string, line: number, commit: string, author: string, date: string, value: number}]}',
  ],
  [
    'check --into main',
    0,
    '{allowed: boolean, reasons: [], conflicts: [], bump: string, problems: [], changes: [], approvals: []}',
  ],
  ['approve HEAD -m good', 0, `{commit: string, approvals: [${approval}]}`],
  ['approvals HEAD', 0, `{commit: string, approvals: [${approval}]}`],
  [
    'compare app -e dev -e prod',
    0,
    '{only: {dev: [], prod: []}, different: [{path: string, values: {dev: string, prod: string}} | {path: string, values: {dev: number, prod: number}} | {path: string, values: {dev: boolean, prod: boolean}}]}',
  ],
  ['diff --effective HEAD', 0, '{stacks: []}'],
  ['log', 0, `{commits: [${commit}]}`],
  ['log services/api.yaml#replicas', 0, `{commits: [${commit.slice(0, -1)}, after: number}]}`],
  ['show', 0, `${commit.slice(0, -1)}, changes: [*]}`],
  ['show HEAD:services/api.yaml#replicas', 0, '{value: number}'],
  ['branch other', 0, '{branches: [{name: string, commit: string, current: boolean, protection: string}]}'],
  [
    'branch -m other another',
    0,
    '{branches: [{name: string, commit: string, current: boolean, protection: string}]}',
  ],
  ['branch', 0, '{branches: [{name: string, commit: string, current: boolean, protection: string}]}'],
  ['tag 1.0.0', 0, tag],
  ['tag --list', 0, `{tags: [${tag}]}`],
  ['verify v1.0.0', 0, '{tag: string, digest: string, ok: boolean}'],
  ['verify main', 0, '{branch: string, ok: boolean, violations: []}'],
  ['switch another', 0, '{branch: string, commit: string}'],
  ['set services/api.yaml#replicas 5', 0, edit],
  [
    'commit -a -m five',
    0,
    '{commit: string, branch: string, parents: [string], tree: string, changes: {files: number, keys: number}}',
  ],
  [
    'show',
    0,
    `${commit.replace('parents: []', 'parents: [string]').slice(0, -1)}, changes: [{path: string, status: string, changes: [${keyChange}]}]}`,
  ],
  ['protect main basic', 0, '{pattern: string, level: string, approvals: number}'],
  ['set base.yaml#app.extra 1', 0, '{file: string, path: string, before: null, after: number}'],
  [
    'diff --effective -e dev',
    0,
    '{stacks: [{stack: string, variables: {env: string}, changes: [{path: string, kind: string, after: number}]}]}',
  ],
  ['restore base.yaml', 0, '{restored: [string]}'],
  ['rollback HEAD~1', 0, '{commit: string}'],
  ['rollback HEAD~1 services', 0, '{commit: string}'],
  ['approve another', 0, `{commit: string, approvals: [${approval}]}`],
  ['switch main', 0, '{branch: string, commit: string}'],
  [
    'check --into main another',
    0,
    `{allowed: boolean, reasons: [], conflicts: [], bump: string, problems: [], changes: [{path: string, status: string, changes: [${keyChange}]}], approvals: [${approval.slice(0, -1)}, counts: boolean, discounted: string}]}`,
  ],
  ['merge another --dry-run', 0, '{result: string, commit: string, conflicts: [], files: [string]}'],
  ['set services/api.yaml#replicas 6', 0, edit],
  [
    'commit -a -m six',
    0,
    '{commit: string, branch: string, parents: [string], tree: string, changes: {files: number, keys: number}}',
  ],
  ['merge another', 1, `{result: string, conflicts: [${conflict}], files: [*]}`],
  [
    'status',
    0,
    '{branch: string, head: string, protection: string, upstream: null, merging: boolean, staged: [], unstaged: [], untracked: [], conflicts: [string]}',
  ],
  ['conflicts', 1, `{conflicts: [${conflict}]}`],
  ['merge --abort', 0, '{result: string, commit: string, conflicts: [], files: [string]}'],
  ['merge another', 1, `{result: string, conflicts: [${conflict}], files: [*]}`],
  ['resolve services/api.yaml#replicas --theirs', 0, '{file: string, path: string, remaining: number}'],
  ['conflicts', 0, '{conflicts: []}'],
  ['merge --continue', 0, '{result: string, commit: string, conflicts: [], files: [string]}'],
  ['tag --bump auto', 0, `${tag.slice(0, -1)}, reason: string, reasons: [{bump: string, reason: string}]}`],
  [
    'changelog',
    0,
    '{releases: [{tag: string, version: string, date: string, commit: string, bump: string, changes: [{bump: string, reason: string, file: string, path: string, kind: string, before: number, after: number}]} | {tag: string, version: string, date: string, commit: string, bump: string, changes: [{bump: string, reason: string, file: string}]}], markdown: string}',
  ],
  ['tag -d 1.0.1', 0, tag],
  [
    'branch -d another',
    0,
    '{branches: [{name: string, commit: string, current: boolean, protection: string}]}',
  ],
  ['completion bash', 0, '{shell: string, script: string}'],
  ['completion --candidates bash -- swi', 0, '{candidates: [{value: string, about: string}]}'],
  ['types app', 0, '{stack: string, schema: string, text: string}'],
  ['load app -e dev', 0, '{app: *, db: *, cache: *, sessions: *, http: *, payments: *}'],
  [
    'explain db.port -e dev',
    0,
    '{path: string, value: number, from: {layer: string, file: string, line: number, column: number, commit: string, author: string, date: string}, overridden: []}',
  ],
  [
    'explain db.pool.max app -e dev',
    0,
    '{path: string, value: number, from: {layer: string, file: string, line: number, column: number, commit: string, author: string, date: string}, overridden: [{layer: string, file: string, line: number, column: number, value: number}]}',
  ],
  [
    'apply changes.jsonl -m many',
    0,
    '{branch: string, before: string, commit: string, commits: number, files: number, changes: number, unchanged: number}',
  ],
  ['set services/api.yaml#replicas 11', 0, edit],
  [
    'ops -n 1',
    0,
    '{operations: [{id: string, command: string, at: string, summary: string, undone: boolean, refs: [], files: [string]}]}',
  ],
  [
    'undo',
    0,
    '{undone: [{id: string, command: string, at: string, summary: string, undone: boolean, refs: [], files: [string]}], restored: [string]}',
  ],
  ['fsck', 0, '{ok: boolean, problems: []}'],
  [
    'gc',
    0,
    '{packed: number, pruned: number, before: {loose: number, packs: number, bytes: number}, after: {loose: number, packs: number, bytes: number}}',
  ],
  ['revert HEAD -m 1', 0, '{commit: string, conflicts: [], files: [string]}'],
  ['cherry-pick HEAD~ -m 1', 0, '{commit: string, conflicts: [], files: [string]}'],
  ['hooks install', 0, '{installed: [string], files: [string], hooks: [string]}'],
  ['hooks uninstall', 0, '{removed: [string], files: [string], hooks: [string]}'],
  ['hooks install --server', 0, '{hook: string, branch: string}'],
  ['hooks pre-receive', 0, '{accepted: boolean, refused: []}'],
  ['hooks uninstall --server', 0, '{hook: string, branch: string}'],
  [
    'merge-driver services/api.yaml services/api.yaml services/api.yaml',
    0,
    '{path: string, method: string, conflicts: []}',
  ],
  [
    'diff-driver a.yaml services/api.yaml 0 100644 services/api.yaml 0 100644',
    0,
    '{path: string, status: string, changes: [], text: string}',
  ],
  ['diff-driver --textconv services/api.yaml', 0, '{keys: [*]}'],
  [
    'clone --bare . copy.git',
    0,
    '{dir: string, remote: string, url: string, branch: string, commit: string}',
  ],
  ['ls-remote ./copy.git', 0, `{url: string, head: string, refs: [${remoteTag} | ${remoteRef}]}`],
  [
    'remote add origin copy.git',
    0,
    '{remotes: [{name: string, url: string, pushUrl: string, fetch: [string]}]}',
  ],
  ['fetch', 0, `{fetched: [{remote: string, url: string, updates: [${update}]}]}`],
  ['branch shared', 0, '{branches: [{name: string, commit: string, current: boolean, protection: string}]}'],
  [
    'push origin shared',
    0,
    `{remote: string, url: string, updates: [${update}], upstream: null, messages: []}`,
  ],
  [
    'pull origin shared',
    0,
    '{fetched: [{remote: string, url: string, updates: []}], source: string, merge: {result: string, commit: string, conflicts: [], files: []}}',
  ],
];

it('every command answers --json with the keys of its contract', async () => {
  const cwd = emptyFolder();
  cpSync(join(import.meta.dirname, '../../fixtures/shop'), cwd, { recursive: true });
  writeFileSync(join(cwd, 'changes.jsonl'), '{"set": "services/api.yaml#replicas", "value": 9}\n');
  for (const [line, code, shape] of script) {
    const result = await run(['--json', ...shellWords(line)], { cwd });
    expect({ line, code: result.code, stderr: result.stderr }).toEqual({ line, code, stderr: '' });
    expect(`${line}: ${shapeOf(JSON.parse(result.stdout), shape)}`).toBe(`${line}: ${shape}`);
  }
  const walked = new Set(script.map(([line]) => line.split(' ')[0]));
  expect(catalogue.map(({ name }) => name).filter((name) => !walked.has(name))).toEqual(['demo', 'watch']);
});

it('numbers keep all their digits', async () => {
  const cwd = emptyFolder();
  await run(['init'], { cwd });
  writeFileSync(join(cwd, 'a.json'), '{"id": 90071992547409931}');
  expect((await run(['get', 'a.json#id', '--json'], { cwd })).stdout).toContain('"value": 90071992547409931');
  expect((await run(['get', 'a.json#id'], { cwd })).stdout).toBe('90071992547409931\n');
});

/** What a value is made of. `*` in `wanted` stands for anything at that place; the items of a list must agree. */
function shapeOf(value: unknown, wanted: string): string {
  return wanted.includes('*') ? match(describe(value), wanted) : describe(value);
}

function describe(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return `[${[...new Set(value.map(describe))].join(' | ')}]`;
  if (typeof value !== 'object') return typeof value;
  return `{${Object.entries(value)
    .map(([key, member]) => `${key}: ${describe(member)}`)
    .join(', ')}}`;
}

/** `wanted` itself when the shape matches it with `*` as a wildcard, else the shape. */
function match(shape: string, wanted: string): string {
  const pattern = wanted
    .split('*')
    .map((part) => part.replace(/[[\]{}|*]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${pattern}$`).test(shape) ? wanted : shape;
}

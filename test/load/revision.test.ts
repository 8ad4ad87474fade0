import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/load/index.js';
import { addFiles, failure, folderWith, git, prod, sample } from './folder.js';

function repository(): string {
  const dir = folderWith(sample);
  git(dir, 'init', '-q', '-b', 'main');
  git(dir, 'add', '.');
  git(dir, 'commit', '-qm', 'one');
  git(dir, 'tag', '-am', 'v1.0.0', 'v1.0.0');
  addFiles(dir, { 'env/prod.yaml': 'db: { pool: { max: 90 } }\n' });
  git(dir, 'commit', '-qam', 'two');
  addFiles(dir, { 'env/prod.yaml': 'db: { pool: { max: 99 } }\n', 'local.yaml': 'note: local' });
  return dir;
}

describe('revisions', () => {
  it('are read from objects, whatever is in the worktree', async () => {
    const dir = repository();
    const max = async (rev?: string): Promise<unknown> =>
      (await loadConfig({ dir, ...prod, ...(rev === undefined ? {} : { rev }) })).get('db.pool.max');
    expect([await max(), await max('HEAD'), await max('v1.0.0')]).toEqual([99, 90, 80]);
    expect((await loadConfig({ dir, ...prod, rev: 'HEAD' })).get('note')).toBeNull();
  });

  it('of a folder below the root', async () => {
    const dir = folderWith({ 'sub/cfg.yaml': 'stacks: { app: { layers: [a.yaml] } }', 'sub/a.yaml': 'a: 1' });
    git(dir, 'init', '-q');
    git(dir, 'add', '.');
    git(dir, 'commit', '-qm', 'one');
    addFiles(dir, { 'sub/a.yaml': 'a: 2' });
    expect((await loadConfig({ dir: join(dir, 'sub'), env: {}, rev: 'HEAD' })).get('a')).toBe(1);
  });

  it('of a bare repository', async () => {
    const dir = repository();
    git(dir, 'clone', '-q', '--bare', '.', 'bare.git');
    const config = await loadConfig({ dir: join(dir, 'bare.git'), ...prod, rev: 'main' });
    expect(config.get('db.pool.max')).toBe(90);
  });

  it('that are not there have failed as layers', async () => {
    const layers = ['git:v9.0.0:env/prod.yaml?', { value: { x: 1 } }];
    const config = await loadConfig({ dir: repository(), layers, env: {} });
    expect(config.value).toEqual({ x: 1 });
    expect(config.sources).toMatchObject([{ status: 'failed' }, { status: 'ok' }]);
    const bare = await loadConfig({ dir: folderWith({}), layers, env: {} });
    expect(bare.sources).toMatchObject([{ status: 'failed' }, { status: 'ok' }]);
    const required = { dir: repository(), layers: ['git:v9.0.0:env/prod.yaml'] };
    expect(await failure(required)).toMatchObject({
      code: 'E_REVISION_NOT_FOUND',
      message: "layer 'git:v9.0.0:env/prod.yaml': no version tag matches 'v9.0.0'",
    });
  });

  it('can be a layer', async () => {
    const dir = repository();
    addFiles(dir, {
      'cfg.yaml':
        'stacks: { app: { layers: ["git:${rev}:env/prod.yaml", "git:HEAD:nothing.yaml?", more.yaml] } }',
      'more.yaml': 'x: 1',
    });
    const config = await loadConfig({ dir, variables: { rev: 'v1.0.0' }, env: {} });
    expect(config.value).toEqual({ db: { pool: { max: 80 } }, hosts: ['c'], x: 1 });
    expect(config.explain('db.pool.max').from).toEqual({
      layer: 'git:v1.0.0:env/prod.yaml',
      file: 'v1.0.0:env/prod.yaml',
      line: 3,
      column: 10,
    });
  });

  it('that are not there are an error', async () => {
    expect(await failure({ dir: repository(), ...prod, rev: 'nope' })).toMatchObject({
      code: 'E_REVISION_NOT_FOUND',
    });
  });

  it('do not follow links', async () => {
    const dir = folderWith({ 'cfg.yaml': 'stacks: { app: { layers: [a.yaml] } }' });
    symlinkSync('/etc/passwd', join(dir, 'a.yaml'));
    git(dir, 'init', '-q');
    git(dir, 'add', '.');
    git(dir, 'commit', '-qm', 'one');
    expect(await failure({ dir, rev: 'HEAD' })).toMatchObject({ code: 'E_BAD_PATH' });
  });
});

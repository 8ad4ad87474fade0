import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emptyFolder, run, shell, type Run } from './command-line.js';

interface Project {
  readonly dir: string;
  readonly write: (path: string, text: string) => void;
  /** Runs a command line, in a folder of the project. */
  readonly cfg: (line: string, folder?: string) => Promise<Run>;
}

/** A Git repository of a program whose configuration is one folder. */
async function project(files: Readonly<Record<string, string>>): Promise<Project> {
  const dir = emptyFolder();
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  };
  const cfg = (line: string, folder = '.'): Promise<Run> => run(line.split(' '), { cwd: join(dir, folder) });
  shell('git init -q -b main', { cwd: dir });
  for (const [path, text] of Object.entries(files)) write(path, text);
  await cfg('add -A -q');
  expect(await cfg('commit -q -m first')).toEqual({ code: 0, stdout: '', stderr: '' });
  return { dir, write, cfg };
}

const settings = `root: deploy/config
schemas: [{ files: "*.yaml", schema: schemas/base.json }]
merge: { lists: [{ at: "**#hosts", set: true }] }
stacks:
  app: { layers: [base.yaml, "env/\${env}.yaml"], schema: schemas/base.json, matrix: { env: [dev] } }
`;
const files = {
  'cfg.yaml': settings,
  'src/fixture.yaml': 'broken: [\n',
  'deploy/config/schemas/base.json': '{ "properties": { "port": { "type": "integer" } } }\n',
  'deploy/config/base.yaml': 'port: 80\nhosts: [a, b]\n',
  'deploy/config/env/dev.yaml': 'name: dev\n',
};

describe('a repository whose configuration is one folder', () => {
  it('reads, loads and explains from anywhere in it', async () => {
    const { cfg } = await project(files);
    expect((await cfg('get base.yaml#port', 'deploy/config')).stdout).toBe('80\n');
    expect((await cfg('load app -e dev', 'src')).stdout).toBe('port: 80\nhosts:\n  - a\n  - b\nname: dev\n');
    const { stdout } = await cfg('--json explain name app -e dev', 'src');
    expect(JSON.parse(stdout)).toMatchObject({
      from: {
        file: 'deploy/config/env/dev.yaml',
        line: 1,
        column: 7,
        author: 'A Developer <author@example.com>',
      },
    });
  });

  it('validates the folder, and takes the rest as text', async () => {
    const { cfg, write } = await project(files);
    expect((await cfg('validate')).stdout).toBe('ok  4 files checked\n');
    write('src/fixture.yaml', 'more: [\n');
    write('deploy/config/base.yaml', 'port: web\n');
    const { code, stdout } = await cfg('validate');
    expect([code, stdout.split('\n')[0]]).toEqual([
      1,
      "deploy/config/base.yaml:1:7: error: 'port' must be a whole number, not a string (schema-type)",
    ]);
    expect(await cfg('commit -a -q -m invalid')).toMatchObject({ code: 3 });
    write('deploy/config/base.yaml', 'port: 81\n');
    expect(await cfg('commit -a -q -m valid')).toMatchObject({ code: 0 });
  });

  it('merges by the rules for the folder', async () => {
    const { cfg, write, dir } = await project(files);
    await cfg('switch -q -c feature');
    write('deploy/config/base.yaml', 'port: 80\nhosts: [a, b, c]\n');
    await cfg('commit -a -q -m c');
    await cfg('switch -q main');
    write('deploy/config/base.yaml', 'port: 80\nhosts: [a, b, d]\n');
    await cfg('commit -a -q -m d');
    expect(await cfg('merge -q feature')).toMatchObject({ code: 0 });
    const merged = readFileSync(join(dir, 'deploy/config/base.yaml'), 'utf8');
    expect(merged).toMatch(/^port: 80\nhosts: \[a, b, (?:c, d|d, c)\]\n$/);
  });
});

describe('a cfg.yaml in a folder', () => {
  const nested = {
    'cfg.yaml': 'stacks: { app: { layers: [a.yaml] } }\n',
    'a.yaml': 'from: root\n',
    'blog/cfg.yaml': 'stacks: { app: { layers: [a.yaml] } }\nbranches: { main: { protection: strict } }\n',
    'blog/a.yaml': 'from: blog\n',
    'blog/posts/b.yaml': 'b: 1\n',
  };

  it('is told by validate', async () => {
    const { cfg } = await project(nested);
    expect(await cfg('validate')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(
        "blog/cfg.yaml:1:1: warning: not in force: a repository has one 'cfg.yaml', at its root (nested-settings)",
      ),
    });
    expect(await cfg('set -q a.yaml#from here')).toMatchObject({ code: 0 });
    expect(await cfg('commit -a -q -m unprotected')).toMatchObject({ code: 0, stderr: '' });
  });

  it.each(['load app', 'explain from app', 'get from --stack app', 'types app'])(
    'is never taken for another by %s',
    async (line) => {
      const { cfg, dir } = await project(nested);
      const refused = await cfg(line, 'blog/posts');
      expect(refused).toEqual({
        code: 2,
        stdout: '',
        stderr: `error: 'blog/cfg.yaml' is not in force: a repository has the cfg.yaml at its root\nhint: load a stack of the root: cfg -C ${dir} load; or move the stacks of 'blog/cfg.yaml' there\n`,
      });
    },
  );

  it('loads as its own folder in code', async () => {
    const { dir } = await project(nested);
    const { loadConfig } = await import('../../src/index.js');
    expect((await loadConfig({ dir: join(dir, 'blog'), env: {} })).value).toEqual({ from: 'blog' });
  });
});

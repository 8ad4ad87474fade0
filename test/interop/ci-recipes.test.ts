import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { getValue, parseDocument, parseKeyPath, type ConfigValue } from '../../src/doc/index.js';
import { DriverRepo, program, type Ended } from './driver-repo.js';

const project = join(import.meta.dirname, '../..');

/** What a file of the project has at a key path. */
function recipe(path: string): (key: string) => ConfigValue | undefined {
  const document = parseDocument(readFileSync(join(project, path), 'utf8'), { format: 'yaml' });
  return (key) => getValue(document, parseKeyPath(key));
}

function textOf(value: ConfigValue | undefined): string {
  if (typeof value !== 'string') throw new Error('the recipe has no text there');
  return value;
}

/** What recipes call: `npx` and `npm` as the hosts have them, and `cfg` as they install it. */
const programs = ((): string => {
  const dir = mkdtempSync(join(tmpdir(), 'cfg-recipes-'));
  process.on('exit', () => rmSync(dir, { recursive: true, force: true }));
  const scripts = {
    cfg: `exec '${process.execPath}' '${program}' "$@"`,
    npx: `[ "$1 $2" = '--yes cfgit@1.2.3' ] || exit 99\nshift 2\nexec cfg "$@"`,
    npm: `[ "$*" = 'install --global cfgit' ]`,
  };
  for (const [name, script] of Object.entries(scripts)) {
    writeFileSync(join(dir, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(dir, name), 0o755);
  }
  return dir;
})();

/** A repository whose base is not quite valid, and one change of it. */
function changed(content: string): { readonly repo: DriverRepo; readonly base: string } {
  const repo = new DriverRepo();
  repo.write('old.yaml', 'a: [\n');
  repo.commit('new.yaml', 'a: 1\n', 'base');
  const base = repo.git('rev-parse', 'HEAD').trim();
  repo.commit('new.yaml', content);
  return { repo, base };
}

/** As a job of a host runs it: in a shell, with these variables. */
function job(repo: DriverRepo, shell: readonly string[], env: Readonly<Record<string, string>>): Ended {
  const path = `${programs}:${process.env['PATH'] ?? ''}`;
  const variables = Object.entries({ ...env, PATH: path }).map(([name, value]) => `${name}=${value}`);
  return repo.run('env', [...variables, ...shell]);
}

const unknown = '0123456789012345678901234567890123456789';

describe('the GitHub action', () => {
  /** Runs its step as the runner does (docs.github.com: "shell", for `bash`), with the workspace above the repository. */
  function action(repo: DriverRepo, inputs: Readonly<Record<string, string>>): Ended {
    const at = recipe('docs/ci/validate/action.yml');
    expect(at('runs.using')).toBe('composite');
    const step = (key: string): string => textOf(at(`runs.steps[0].${key}`));
    const filled = (text: string): string =>
      text.replace(/\$\{\{ inputs\.(\w+) \}\}/g, (_, name: string) => {
        const byDefault = textOf(at(`inputs.${name}.default`));
        return inputs[name] ?? (byDefault.includes('${{') ? '' : byDefault);
      });
    const env = at('runs.steps[0].env');
    const workspace = dirname(repo.dir);
    expect(filled(step('working-directory'))).toBe('repo');
    expect(step('shell')).toBe('bash');
    writeFileSync(join(workspace, 'step.sh'), step('run'));
    return job(repo, ['bash', '--noprofile', '--norc', '-eo', 'pipefail', join(workspace, 'step.sh')], {
      ...Object.fromEntries(Object.entries(env ?? {}).map(([name, value]) => [name, filled(String(value))])),
      GITHUB_ACTIONS: 'true',
      GITHUB_WORKSPACE: workspace,
      GITHUB_STEP_SUMMARY: join(workspace, 'summary.md'),
    });
  }

  const inputs = { path: 'repo', version: '1.2.3', sarif: 'cfg.sarif' };

  it('annotates what a pull request changed, and writes the report', () => {
    const { repo, base } = changed('a: {\n');
    const { code, output } = action(repo, { ...inputs, since: base });
    expect(code).toBe(1);
    expect(output).toMatch(/^::error file=repo\/new\.yaml,line=2,[^\n]*\n1 problem \(1 file checked\)\n$/);
    expect(JSON.parse(repo.read('cfg.sarif'))).toMatchObject({ runs: [{ results: [{ ruleId: 'syntax' }] }] });
  });

  it('is content with a valid change, and finds everything without a pull request', () => {
    const { repo, base } = changed('a: 2\n');
    expect(action(repo, { ...inputs, since: base })).toEqual({ code: 0, output: '1 file checked\n' });
    expect(JSON.parse(repo.read('cfg.sarif'))).toMatchObject({ runs: [{ results: [] }] });
    expect(action(repo, { path: 'repo', version: '1.2.3' })).toMatchObject({
      code: 1,
      output: expect.stringContaining('::error file=repo/old.yaml,line=2,'),
    });
  });

  it('leaves no report where cfg could not look', () => {
    const { repo } = changed('a: 2\n');
    expect(action(repo, { ...inputs, since: unknown }).code).toBe(4);
    expect(existsSync(join(repo.dir, 'cfg.sarif'))).toBe(false);
  });
});

describe('the GitLab job', () => {
  /** Runs its script as the runner does: all lines in one shell that stops at the first that fails. */
  function gitlab(repo: DriverRepo, env: Readonly<Record<string, string>>): Ended {
    const script = recipe('docs/ci/gitlab.yml')('validate.script');
    if (!Array.isArray(script)) throw new Error('the job has no script');
    return job(repo, ['bash', '-eo', 'pipefail', '-c', script.join('\n')], env);
  }

  it('writes both reports of a merge request, and fails for what it broke', () => {
    const { repo, base } = changed('a: {\n');
    const { code, output } = gitlab(repo, { CI_MERGE_REQUEST_DIFF_BASE_SHA: base });
    expect(code).toBe(1);
    expect(output).toMatch(/^new\.yaml:2:1: error: .*\n1 error \(1 file checked\)\n$/);
    const report = JSON.parse(repo.read('gl-code-quality-report.json'));
    expect(report).toMatchObject([{ check_name: 'syntax', location: { path: 'new.yaml' } }]);
    expect(repo.read('cfg-junit.xml')).toContain('<testsuites name="cfg validate" tests="1" failures="1"');
  });

  it('passes a valid change, looks at everything on a branch, and tells that cfg could not look', () => {
    const { repo, base } = changed('a: 2\n');
    expect(gitlab(repo, { CI_MERGE_REQUEST_DIFF_BASE_SHA: base }).code).toBe(0);
    expect(gitlab(repo, {})).toMatchObject({ code: 1, output: expect.stringContaining('old.yaml:2:1') });
    expect(gitlab(repo, { CI_MERGE_REQUEST_DIFF_BASE_SHA: unknown }).code).toBe(4);
  });

  it('runs for merge requests, of which GitLab only tells jobs with rules', () => {
    const rules = recipe('docs/ci/gitlab.yml')('validate.rules');
    expect(JSON.stringify(rules)).toContain('merge_request_event');
  });
});

describe('the plain shell', () => {
  const plain = (repo: DriverRepo, ...args: readonly string[]): Ended =>
    job(repo, ['sh', join(project, 'docs/ci/validate.sh'), ...args], {});

  it('ends as validate does, and leaves a JUnit report', () => {
    const { repo, base } = changed('a: {\n');
    expect(plain(repo, base)).toMatchObject({
      code: 1,
      output: expect.stringMatching(/^new\.yaml:2:1: error/),
    });
    expect(repo.read('cfg-junit.xml')).toContain('failures="1"');
    expect(plain(repo).output).toContain('2 errors');
    expect(plain(repo, unknown).code).toBe(4);
    repo.write('new.yaml', 'a: 3\n');
    expect(plain(repo, base).code).toBe(0);
  });
});

describe('the hook for pre-commit', () => {
  it('looks at what is staged, and at a layer that goes', () => {
    const at = recipe('.pre-commit-hooks.yaml');
    const entry = textOf(at('[0].entry')).split(' ');
    // pre-commit passes over a hook whose types no staged file has, and a file that goes is none
    expect(at('[0].always_run')).toBe(true);
    const repo = new DriverRepo();
    repo.write('cfg.yaml', 'version: 1\nstacks:\n  app:\n    layers: [a.yaml]\n');
    repo.commit('a.yaml', 'a: 1\n');
    expect(job(repo, entry, {}).code).toBe(0);
    repo.write('a.yaml', 'a: [\n');
    expect(job(repo, entry, {}).code).toBe(0);
    repo.git('rm', '-q', '--cached', 'a.yaml');
    expect(job(repo, entry, {})).toMatchObject({ code: 1, output: expect.stringContaining('(stack)') });
  });
});

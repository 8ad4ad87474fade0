import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { scripts } from '../../src/cli/completion/scripts.js';
import { emptyFolder, run } from './command-line.js';

describe('completion', () => {
  let cwd = '';

  beforeAll(async () => {
    cwd = emptyFolder();
    await run(['init', '-q'], { cwd });
    mkdirSync(join(cwd, 'env'));
    writeFileSync(join(cwd, 'env/prod.yaml'), 'db: {host: x, "a.b": 1}\n');
    writeFileSync(
      join(cwd, 'cfg.yaml'),
      'version: 1\nstacks:\n  app: {layers: ["env/${env}.yaml"], matrix: {env: [dev, prod]}}\n',
    );
    await run(['add', '-A'], { cwd });
    await run(['commit', '-m', 'first'], { cwd });
    await run(['branch', 'feature'], { cwd });
    await run(['tag', '1.0.0'], { cwd });
  });

  it.each([
    [['st'], ['status']],
    [['-C', '.', 'st'], ['status']],
    [['--js'], ['--json']],
    [
      ['switch', ''],
      ['feature', 'main'],
    ],
    [['switch', 'fe'], ['feature']],
    [
      ['remote', 're'],
      ['remove', 'rename'],
    ],
    [['hooks', 'u'], ['uninstall']],
    [['merge', '--str'], ['--strategy']],
    [['merge', '--strategy', 'o'], ['ours']],
    [['diff', 'v'], ['v1.0.0']],
    [
      ['verify', ''],
      ['feature', 'main', 'v1.0.0'],
    ],
    [['load', ''], ['app']],
    [
      ['load', 'app', '-e', ''],
      ['dev', 'prod'],
    ],
    [
      ['explain', ''],
      ['db."a.b"', 'db.host'],
    ],
    [['get', '-e', 'prod', 'db.h'], ['db.host']],
    [['get', 'db.h', '-e', 'prod', 'x'], []],
    [['-C', 'env', 'add', ''], ['prod.yaml']],
    [['-C', 'nowhere', 'switch', ''], []],
    [['add', 'e'], ['env/']],
    [['add', 'env/'], ['env/prod.yaml']],
    [['add', 'nowhere/'], []],
    [
      ['get', 'env/prod.yaml#'],
      ['env/prod.yaml#db.host', 'env/prod.yaml#db."a.b"'],
    ],
    [['get', 'none.yaml#'], []],
    [
      ['get', 'cfg'],
      ['cfg.yaml', 'cfg.yaml#'],
    ],
    [['set', 'cfg'], ['cfg.yaml#']],
    [['get', 'HEAD:e'], ['HEAD:env/']],
    [['get', 'HEAD:env/prod.yaml#db.h'], ['HEAD:env/prod.yaml#db.host']],
    [['get', 'nope:e'], []],
    [
      ['protect', 'main', 's'],
      ['standard', 'strict'],
    ],
    [['completion', 'z'], ['zsh']],
    [['help', 'addr'], ['addresses']],
    [['nope', 'x'], []],
  ])('of %j offers %j', async (words, expected) => {
    const { code, stdout } = await run(['--json', 'completion', '--candidates', 'bash', '--', ...words], {
      cwd,
    });
    const { candidates } = JSON.parse(stdout) as { candidates: readonly { value: string }[] };
    expect([code, candidates.map(({ value }) => value)]).toEqual([0, expected]);
  });

  it('offers nothing that needs a repository where there is none', async () => {
    const { code, stdout } = await run(['completion', '--candidates', 'bash', '--', 'switch', ''], {
      cwd: emptyFolder(),
    });
    expect([code, stdout]).toEqual([0, '']);
  });

  it('says which shells there are', async () => {
    const { code, stderr } = await run(['completion', 'tcsh'], { cwd });
    expect([code, stderr]).toEqual([
      2,
      "error: cfg has no completion for 'tcsh'\nhint: it knows bash, zsh, fish, powershell\n",
    ]);
  });

  /** What a shell makes of the answers of the command, without starting it. */
  const completing: Readonly<Record<string, (line: string) => readonly string[]>> = {
    bash: (line) => [
      '--norc',
      '--noprofile',
      '-c',
      `cfg() { shift 4; grep -F -- "\${!#}" <<<"$ANSWERS"; }
      compopt() { :; }
      ${scripts.bash}
      COMP_LINE='${line}' COMP_POINT=${line.length}
      _cfg
      printf '%s\\n' "\${COMPREPLY[@]}"`,
    ],
    zsh: (line) => [
      '-f',
      '-c',
      `cfg() { grep -F -- "$argv[-1]" <<<"$ANSWERS"; }
      compdef() { :; }
      compadd() { print -rl -- "\${(@)argv[argv[(i)--]+1,-1]}"; }
      ${scripts.zsh}
      words=("\${(@s: :):-${line}}") CURRENT=${line.split(' ').length} PREFIX=\${words[-1]}
      _cfg`,
    ],
    fish: (line) => [
      '--no-config',
      '-c',
      `function cfg; string split \\n -- $ANSWERS | string match -- "*$argv[-1]*"; end
      ${scripts.fish}
      complete -C '${line}' | string replace -r '\\t.*' ''`,
    ],
  };
  const installed = Object.keys(completing).filter((shell) => spawnSync(shell, ['-c', ':']).status === 0);

  it.each(
    installed.flatMap((shell) => [
      [shell, 'cfg show v1', ['v1.0.0']],
      [shell, 'cfg get HEAD:env/p', [shell === 'bash' ? 'env/prod.yaml' : 'HEAD:env/prod.yaml']],
      [shell, 'cfg switch ', ['feature', 'main']],
    ]),
  )('in %s turns %j into %j', (shell, line, expected) => {
    const answers = 'v1.0.0\ttag\nHEAD:env/prod.yaml\nfeature\tbranch\nmain\tcurrent branch';
    const wanted = line.endsWith(' ') ? 'feature\tbranch\nmain\tcurrent branch' : answers;
    const { stdout, stderr } = spawnSync(shell, completing[shell]?.(line) ?? [], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], HOME: cwd, ANSWERS: wanted },
    });
    expect([stdout.trim().split('\n'), stderr]).toEqual([expected, '']);
  });
});

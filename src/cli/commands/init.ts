import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { CommandSpec } from '../command.js';
import { lines } from '../render/text.js';
import { visible } from '../render/style.js';

export const command: CommandSpec = {
  usage: ['init [DIR] [--bare] [-b NAME]'],
  about:
    'Makes DIR (default: the current folder) a repository with a cfg.yaml, or adds cfg.yaml to the Git repository that is there. ' +
    'Nothing is committed and no file is overwritten.',
  arguments: [{ name: 'DIR', about: 'the folder; created when missing' }],
  options: [
    { flags: '--bare', about: 'a repository without a worktree, to push to' },
    { flags: '-b, --branch <NAME>', about: 'the name of the first branch (default: main)' },
  ],
  examples: [
    { command: 'cfg init', about: 'the current folder' },
    { command: 'cfg init shop -b trunk', about: 'a new folder whose first branch is trunk' },
    { command: 'cfg init --bare /srv/config.git', about: 'a bare repository for a team to push to' },
  ],
  answer: '{dir, branch, created}',
  run: async ({ io, cwd }, input) => {
    const { initRepository } = await import('../../repo/index.js');
    const branch = input.text('branch');
    const answer = await initRepository({
      dir: resolve(cwd, input.operands[0] ?? '.'),
      bare: input.flag('bare'),
      ...(branch === undefined ? {} : { branch }),
      env: io.env,
    });
    const place = `a repository in ${visible(answer.dir)} (branch ${visible(answer.branch)})`;
    // A bare repository has none.
    const hasSettings = existsSync(join(answer.dir, 'cfg.yaml'));
    const next = answer.created
      ? 'Next: cfg add -A, then cfg commit -m "first version"'
      : "It has a cfg.yaml; 'cfg status' shows what is not committed";
    return {
      answer,
      text: () =>
        lines([`${answer.created ? 'Initialized' : 'Found'} ${place}`, ...(hasSettings ? [next] : [])]),
      confirmation: true,
    };
  },
};

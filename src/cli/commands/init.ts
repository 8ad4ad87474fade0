import { resolve } from 'node:path';
import type { InitAnswer } from '../../repo/index.js';
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
  answer: '{dir, branch, created, settings: added|present|none}',
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
    const done = answer.created ? `Initialized ${place}` : `Found ${place}${settingsText[answer.settings]}`;
    return {
      answer,
      text: () => lines([done, ...nextSteps(answer)]),
      confirmation: true,
    };
  },
};

const settingsText = { added: '; it has a cfg.yaml now', present: '; it has a cfg.yaml', none: '' };

function nextSteps({ created, settings }: InitAnswer): readonly string[] {
  if (settings === 'none') return [];
  if (created) return ['Next: cfg add -A, then cfg commit -m "first version"'];
  return settings === 'added' ? ['Next: cfg add cfg.yaml, then cfg commit -m "Settings of cfg"'] : [];
}

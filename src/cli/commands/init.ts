import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { isConfigError } from '../../errors.js';
import type { InitAnswer } from '../../repo/index.js';
import type { CommandSpec } from '../command.js';
import type { Io } from '../io.js';
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
    const dir = resolve(cwd, input.operands[0] ?? '.');
    const hadSettings = existsSync(join(dir, settings));
    const answer = await initRepository({
      dir,
      bare: input.flag('bare'),
      ...(branch === undefined ? {} : { branch }),
      env: io.env,
    });
    return {
      answer,
      text: () => lines(said(answer, hadSettings)),
      confirmation: true,
      warnings: [
        ...(answer.created ? await nestedIn(answer.dir, io) : []),
        ...(branch === undefined || branch === answer.branch
          ? []
          : [`the repository was there already, on branch '${answer.branch}': -b ${branch} changes nothing`]),
      ],
    };
  },
};

const settings = 'cfg.yaml';

function said({ dir, branch, created }: InitAnswer, hadSettings: boolean): readonly string[] {
  const place = `${visible(dir)} (branch ${visible(branch)})`;
  // A bare repository has none.
  const hasSettings = existsSync(join(dir, settings));
  if (created)
    return [
      `Initialized a repository in ${place}`,
      ...(hasSettings ? ['Next: cfg add -A, then cfg commit -m "first version"'] : []),
    ];
  return hasSettings && !hadSettings
    ? [
        `Added cfg.yaml to the repository in ${place}`,
        `Next: cfg add cfg.yaml, then cfg commit -m "settings of cfg"`,
      ]
    : [`Found a repository in ${place}${hasSettings ? ', with a cfg.yaml' : ''}; nothing to do`];
}

/** Who stands in a folder of a repository seldom means to have another one there. */
async function nestedIn(dir: string, { env }: Io): Promise<readonly string[]> {
  const { openRepository } = await import('../../repo/index.js');
  try {
    const { root } = await openRepository({ dir: dirname(dir), env });
    if (root === undefined) return [];
    return [`this is inside of the repository in '${root}', which does not version what is in here any more`];
  } catch (error) {
    if (isConfigError(error, 'E_NOT_A_REPOSITORY')) return [];
    throw error;
  }
}

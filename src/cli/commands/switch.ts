import { ConfigError } from '../../errors.js';
import type { CommandSpec } from '../command.js';
import { visible } from '../render/style.js';
import { lines, short } from '../render/text.js';

export const command: CommandSpec = {
  usage: ['switch BRANCH', 'switch -c BRANCH [START]'],
  about:
    'Changes to another branch. Local changes are carried along, or the switch is refused; they are never lost. ' +
    'A branch that only a remote has is made here and follows it.',
  arguments: [
    { name: 'BRANCH', about: "the branch; '-' is the one before", required: true },
    { name: 'START', about: 'with -c: the revision that the new branch begins at (default: HEAD)' },
  ],
  options: [{ flags: '-c, --create', about: 'create the branch first' }],
  examples: [
    { command: 'cfg switch main', about: 'go to a branch' },
    { command: 'cfg switch -', about: 'back to where you were' },
    { command: 'cfg switch -c raise-pool', about: 'a new branch from here' },
    { command: 'cfg switch -c hotfix v1.2.0', about: 'a new branch from a release' },
  ],
  answer: '{branch, commit, left?}',
  run: async (session, input) => {
    const branch = input.operand(0);
    const start = input.operands[1];
    const create = input.flag('create');
    if (start !== undefined && !create)
      throw new ConfigError('E_USAGE', `unexpected argument '${start}'`, {
        hint: 'cfg switch -c BRANCH START',
      });
    const answer = await (
      await session.open()
    ).switch(branch, {
      create,
      ...(start === undefined ? {} : { start }),
    });
    const { left } = answer;
    const at = answer.commit === null ? '' : ` at ${short(answer.commit)}`;
    return {
      answer,
      text: () =>
        lines([
          `Switched to ${create ? 'a new branch' : 'branch'} '${visible(answer.branch)}'${at}`,
          ...(left === undefined
            ? []
            : [`Left ${short(left)}, which is on no branch: cfg branch NAME ${short(left)}`]),
        ]),
      confirmation: true,
    };
  },
};

import { ConfigError } from '../../errors.js';
import type { CommandSpec } from '../command.js';
import { visible } from '../render/style.js';
import { firstFew, lines } from '../render/text.js';

export const command: CommandSpec = {
  usage: ['add PATH…', 'add -A'],
  about:
    'Stages the present content of files, so that the next commit records it. A file that is gone is staged as deleted.',
  arguments: [{ name: 'PATH…', about: 'files, folders or globs', many: true }],
  options: [{ flags: '-A, --all', about: 'every change in the worktree, new and deleted files included' }],
  examples: [
    { command: 'cfg add services/api.yaml', about: 'one file' },
    { command: "cfg add 'env/*.yaml'", about: 'a glob (quoted, so that the shell leaves it alone)' },
    { command: 'cfg add -A', about: 'everything' },
  ],
  answer: '{staged: [path]}',
  run: async (session, input) => {
    if (input.flag('all') === input.operands.length > 0)
      throw new ConfigError('E_USAGE', "'add' needs either paths or -A", {
        hint: 'cfg add PATH… | cfg add -A',
      });
    const repo = await session.open();
    const answer = await repo.add(input.flag('all') ? 'all' : input.operands);
    const staged = firstFew(answer.staged.map((path) => `Staged ${visible(path)}`));
    return {
      answer,
      text: () => lines(staged.length === 0 ? ['Nothing new to stage'] : staged),
      confirmation: true,
    };
  },
};

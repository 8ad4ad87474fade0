import type { CommandSpec } from '../command.js';
import { visible } from '../render/style.js';
import { firstFew, lines } from '../render/text.js';

export const command: CommandSpec = {
  usage: ['restore [--staged] PATH…'],
  about:
    'Makes files as they are staged again, dropping what was changed since. With --staged it unstages them instead: the worktree stays as it is.',
  arguments: [{ name: 'PATH…', about: 'files, folders or globs', required: true, many: true }],
  options: [{ flags: '--staged', about: 'unstage; keep the content of the worktree' }],
  examples: [
    { command: 'cfg restore services/api.yaml', about: 'drop local changes of one file' },
    { command: 'cfg restore --staged .', about: 'unstage everything below the current folder' },
  ],
  answer: '{restored: [path]}',
  run: async (session, input) => {
    const staged = input.flag('staged');
    const answer = await (await session.open()).restore(input.operands, { staged });
    const done = staged ? 'Unstaged' : 'Restored';
    const rows = firstFew(answer.restored.map((path) => `${done} ${visible(path)}`));
    return {
      answer,
      text: () => lines(rows.length === 0 ? ['Nothing to restore'] : rows),
      confirmation: true,
    };
  },
};

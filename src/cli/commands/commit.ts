import { ConfigError } from '../../errors.js';
import type { CommitAnswer } from '../../repo/index.js';
import type { CommandSpec } from '../command.js';
import { visible, type Style } from '../render/style.js';
import { count, lines, short } from '../render/text.js';
import { signOf, signOptions } from '../signing.js';

export const command: CommandSpec = {
  usage: ['commit -m MSG [-a] [PATH…] [--author "N <e>"] [--no-verify] [-S | --no-sign]'],
  about:
    'Records what is staged. Changed configuration files must parse and satisfy their schemas; a protected branch takes merges only.',
  arguments: [{ name: 'PATH…', about: 'record just the present content of these files', many: true }],
  options: [
    { flags: '-m, --message <MSG>', about: 'the message; several become paragraphs', repeat: true },
    { flags: '-a, --all', about: 'stage every changed or deleted file that is tracked first' },
    { flags: '--author <AUTHOR>', about: 'record someone else as the author: "Name <email>"' },
    {
      flags: '--no-verify',
      about: 'skip the check of files and schemas, where protection is below standard',
    },
    ...signOptions,
  ],
  examples: [
    { command: 'cfg commit -m "raise the pool size"', about: 'what is staged' },
    { command: 'cfg commit -a -m "raise the pool size"', about: 'every change of tracked files' },
    { command: 'cfg commit -m "new timeout" services/api.yaml', about: 'one file, whatever else is staged' },
  ],
  answer: '{commit, branch, parents, tree, changes: {files, keys}}',
  run: async (session, input) => {
    const message = input.texts('message').join('\n\n');
    if (message.trim() === '')
      throw new ConfigError('E_USAGE', 'a commit needs a message', {
        hint: 'cfg commit -m "what changed and why"',
      });
    const author = input.text('author');
    const repo = await session.open();
    const answer = await repo.commit({
      message,
      all: input.flag('all'),
      verify: input.flag('verify'),
      ...signOf(input),
      ...(author === undefined ? {} : { author }),
      ...(input.operands.length === 0 ? {} : { paths: input.operands }),
    });
    return { answer, text: (style) => render(answer, message, style), confirmation: true };
  },
};

function render({ commit, branch, parents, changes }: CommitAnswer, message: string, style: Style): string {
  const place = `${visible(branch ?? 'detached HEAD')} ${short(commit)}`;
  const first = parents.length === 0 ? ', the first commit' : '';
  return lines([
    `[${style.bold(place)}] ${visible(message.split('\n', 1)[0] ?? '')}`,
    `${count(changes.files, 'file')} and ${count(changes.keys, 'key')} changed${first}`,
  ]);
}

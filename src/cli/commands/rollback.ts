import type { CommandSpec } from '../command.js';
import { visible } from '../render/style.js';
import { lines, short } from '../render/text.js';
import { signOf, signOptions } from '../signing.js';

export const command: CommandSpec = {
  usage: ['rollback REV [PATH…] [-m MSG] [-S | --no-sign]'],
  about:
    'Makes a new commit whose content is that of REV, of everything or just of some files. History is never rewritten, so it can itself be taken back. A protected branch refuses it as any direct commit.',
  arguments: [
    { name: 'REV', about: 'the revision whose content comes back', required: true },
    { name: 'PATH…', about: 'only these files and folders', many: true },
  ],
  options: [
    { flags: '-m, --message <MSG>', about: 'the message (default: Roll back to REV)' },
    ...signOptions,
  ],
  examples: [
    { command: 'cfg rollback v1.2.0', about: 'everything as it was released' },
    { command: 'cfg rollback HEAD~3 services/api.yaml', about: 'one file as it was three commits ago' },
  ],
  answer: '{commit}',
  run: async (session, input) => {
    const [revision, ...paths] = [input.operand(0), ...input.operands.slice(1)];
    const message = input.text('message');
    const answer = await (
      await session.open()
    ).rollback(revision, { paths, ...(message === undefined ? {} : { message }), ...signOf(input) });
    return {
      answer,
      text: () => lines([`Rolled back to ${visible(revision)} in ${short(answer.commit)}`]),
      confirmation: true,
    };
  },
};

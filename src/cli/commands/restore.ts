import { ConfigError, shellWord } from '../../errors.js';
import type { CommandSpec, Outcome } from '../command.js';
import type { Input } from '../input.js';
import { visible } from '../render/style.js';
import { firstFew, lines } from '../render/text.js';
import type { Session } from '../session.js';

export const command: CommandSpec = {
  usage: ['restore [--staged] PATH…', 'restore --at OP'],
  about:
    'Makes files as they are staged again, dropping what was changed since (cfg undo brings it back). With --staged it unstages them instead: the worktree stays as it is. With --at everything, refs, index and files, becomes what it was right after an operation that cfg ops lists.',
  arguments: [{ name: 'PATH…', about: 'files, folders or globs', many: true }],
  options: [
    { flags: '--staged', about: 'unstage; keep the content of the worktree' },
    { flags: '--at <OP>', about: 'the id of an operation, or the beginning of it' },
  ],
  examples: [
    { command: 'cfg restore services/api.yaml', about: 'drop local changes of one file' },
    { command: 'cfg restore --staged .', about: 'unstage everything below the current folder' },
    { command: 'cfg restore --at 3f2a9c1b', about: 'bring back what an undo took' },
  ],
  answer: '{restored: [path]}; of --at also names of refs',
  run: async (session, input) => {
    const operation = input.text('at');
    return operation === undefined ? restore(session, input) : restoreAt(session, input, operation);
  },
};

async function restore(session: Session, input: Input): Promise<Outcome> {
  const staged = input.flag('staged');
  const answer = await (await session.open()).restore(input.operands, { staged });
  const done = staged ? 'Unstaged' : 'Restored';
  const rows = firstFew(answer.restored.map((path) => `${done} ${visible(path)}`));
  const way = staged ? [] : ['What was dropped is kept: cfg undo'];
  return {
    answer,
    text: () => lines(rows.length === 0 ? ['Nothing to restore'] : [...rows, ...way]),
    confirmation: true,
  };
}

async function restoreAt(session: Session, input: Input, operation: string): Promise<Outcome> {
  if (input.operands.length > 0 || input.flag('staged'))
    throw new ConfigError('E_USAGE', '--at restores everything, so it takes no paths and no --staged', {
      hint: `cfg restore --at ${shellWord(operation)}`,
    });
  const answer = await (await session.open()).restoreAt(operation);
  const rows = firstFew(answer.restored.map((name) => `Restored ${visible(name)}`));
  return {
    answer,
    text: () =>
      lines(rows.length === 0 ? ['Everything is as it was then already'] : [...rows, 'To go back: cfg undo']),
    confirmation: true,
  };
}

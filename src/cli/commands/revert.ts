import type { CommandSpec } from '../command.js';
import { pickAnswer, pickOptions, runPick } from '../pick.js';

export const command: CommandSpec = {
  usage: [
    'revert REV [-m N] [--strategy S] [--message MSG] [-S | --no-sign]',
    'revert --continue [--message MSG] [-S | --no-sign]',
    'revert --abort',
  ],
  about:
    'Makes a new commit that takes back what one commit changed, by key: later changes of other keys stay. What was changed again since is a conflict that waits as in a merge. History is never rewritten.',
  arguments: [{ name: 'REV', about: 'the commit' }],
  options: pickOptions,
  examples: [
    { command: 'cfg revert HEAD', about: 'take back the last commit' },
    { command: 'cfg revert v1.3.0 -m 1', about: 'take back a merge' },
    { command: 'cfg revert --abort', about: 'leave everything as it was' },
  ],
  answer: pickAnswer,
  run: (session, input) => runPick('revert', session, input),
};

import type { CommandSpec } from '../command.js';
import { pickAnswer, pickOptions, runPick } from '../pick.js';

export const command: CommandSpec = {
  usage: [
    'cherry-pick REV [-m N] [--strategy S] [--message MSG] [-S | --no-sign]',
    'cherry-pick --continue [--message MSG] [-S | --no-sign]',
    'cherry-pick --abort',
  ],
  about:
    'Applies what one commit changed to the current branch, by key, as a new commit of the same author. What both changed differently is a conflict that waits as in a merge; cfg merge --continue and --abort work too. A protected branch refuses it as any direct commit.',
  arguments: [{ name: 'REV', about: 'the commit' }],
  options: pickOptions,
  examples: [
    { command: 'cfg cherry-pick hotfix', about: 'the last commit of a branch' },
    { command: 'cfg cherry-pick v1.2.0 -m 1', about: 'what a merge brought' },
    { command: 'cfg cherry-pick --continue', about: 'after cfg resolve' },
  ],
  answer: pickAnswer,
  run: (session, input) => runPick('cherry-pick', session, input),
};

import type { OptionSpec } from './command.js';

/** What can decide conflicts on a command line. */
export const strategies = ['manual', 'ours', 'theirs', 'base', 'newest', 'union'] as const;

/** The option of every command that merges. */
export const strategyOption: OptionSpec = {
  flags: '--strategy <S>',
  about: 'what decides conflicts, where cfg.yaml does not say it',
  choices: strategies,
};

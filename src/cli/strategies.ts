import { conflictStrategies, type ConflictStrategy } from '../settings/index.js';
import type { OptionSpec } from './command.js';

/** What can decide conflicts on a command line. */
export const strategies: readonly Exclude<ConflictStrategy, 'custom'>[] = conflictStrategies.filter(
  (strategy) => strategy !== 'custom',
);

/** The option of every command that merges. */
export const strategyOption: OptionSpec = {
  flags: '--strategy <S>',
  about: 'what decides conflicts, where cfg.yaml does not say it',
  choices: strategies,
};

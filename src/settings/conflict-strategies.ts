/** Strategies that pick a value by what the values of both sides are. */
export type ValueStrategy = 'max-version' | 'max' | 'min' | 'concat-unique';

/**
 * What decides a conflict: `manual` leaves it to a person, `custom` to a function or a program that comes with the merge; `docs/merge.md`
 * says what the others take.
 */
export type ConflictStrategy =
  'manual' | 'ours' | 'theirs' | 'base' | 'newest' | 'union' | ValueStrategy | 'custom';

/** All that there are. */
export const conflictStrategies: readonly ConflictStrategy[] = [
  'manual',
  'ours',
  'theirs',
  'base',
  'newest',
  'union',
  'max-version',
  'max',
  'min',
  'concat-unique',
  'custom',
];

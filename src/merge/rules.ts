/** The merge rules of `cfg.yaml`. */
import type { Settings } from '../settings/index.js';
import type { MergeRules } from './types.js';

/** The rules that a repository's settings give to every merge in it. */
export function rulesOf(settings: Settings): MergeRules {
  return { lists: settings.merge.lists, strategies: settings.merge.strategies };
}

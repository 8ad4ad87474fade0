/** The merge rules of `cfg.yaml`. */
import type { Settings } from '../settings/index.js';
import type { ListMatching, MergeRules } from './types.js';

/** The rules that a repository's settings give to every merge in it. */
export function rulesOf(settings: Settings): MergeRules {
  const { lists, strategies, comments } = settings.merge;
  return { lists: lists.map(matchingOf), strategies, comments };
}

function matchingOf(rule: Settings['merge']['lists'][number]): ListMatching {
  const { at } = rule;
  if (rule.kind === 'key') return { at, key: rule.fields };
  return rule.kind === 'set' ? { at, set: true } : { at, atomic: true };
}

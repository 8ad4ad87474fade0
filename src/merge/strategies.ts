/** What decides conflicts without asking: choices already made, then rules by place, then the strategy of the whole merge. */
import {
  equalValues,
  formatKeyPath,
  matchRule,
  parseKeyPath,
  type ConfigValue,
  type KeyPath,
} from '../doc/index.js';
import { ConfigError } from '../errors.js';
import { conflictStrategies, type ConflictStrategy } from '../settings/index.js';
import { resolvers, type ConflictResolver } from './resolvers.js';
import type { Decision } from './session.js';
import type { Conflict, ConflictChoice, ConflictKind, MergeInput } from './types.js';

/** Choices by key path in text form; `''` stands for every conflict of the file that has none of its own. */
export type Choices = ReadonlyMap<string, ConflictChoice>;

export interface DecisionPlan {
  readonly choices: Choices;
  /** Places where ours already holds the value that was chosen. */
  readonly forced: ReadonlySet<string>;
  /** Places where no value can be put; the resolver is not asked there again. */
  readonly refused: ReadonlySet<string>;
}

/** Throws E_USAGE for a word that no type kept from coming here. */
export function requireStrategy(word: string): void {
  if (conflictStrategies.some((strategy) => strategy === word)) return;
  throw new ConfigError('E_USAGE', `'${word}' is no strategy of a merge`, {
    hint: `it is one of ${conflictStrategies.join(', ')}`,
  });
}

export class Decider {
  /** Values to put where a choice or a resolver answered with one; by key path in text form. */
  readonly values: Map<string, ConfigValue> = new Map();

  constructor(
    private readonly input: MergeInput,
    private readonly plan: DecisionPlan,
  ) {}

  /** Whether ours has been given the value wanted at this place, so that nothing of theirs goes into it. */
  isForced(path: KeyPath): boolean {
    return this.plan.forced.size > 0 && this.plan.forced.has(formatKeyPath(path));
  }

  decide(conflict: Conflict): Decision | undefined {
    if (this.plan.forced.has(conflict.path)) return 'ours';
    const choice = this.plan.choices.get(conflict.path) ?? this.plan.choices.get('');
    if (choice === 'both') return fitsBoth(conflict) ? 'union' : undefined;
    if (choice !== undefined) return typeof choice === 'string' ? choice : this.take(conflict, choice.value);
    return this.apply(this.strategyFor(conflict), conflict);
  }

  private strategyFor({ path }: Conflict): ConflictStrategy {
    const keyPath = parseKeyPath(path);
    const rule = this.input.rules?.strategies?.find(({ at }) => matchRule(at, this.input.path, keyPath));
    const strategy = rule?.use ?? this.input.strategy ?? 'manual';
    requireStrategy(strategy);
    return strategy;
  }

  private apply(strategy: ConflictStrategy, conflict: Conflict): Decision | undefined {
    switch (strategy) {
      case 'ours':
      case 'theirs':
      case 'base':
        return strategy;
      case 'newest':
        return this.input.newest?.(conflict);
      case 'union':
        return fitsBoth(conflict) ? 'union' : undefined;
      case 'manual':
        return undefined;
      case 'custom':
        return this.resolve(conflict, this.input.resolver);
      default:
        return this.resolve(conflict, resolvers[strategy]);
    }
  }

  private resolve(conflict: Conflict, resolver: ConflictResolver | undefined): Decision | undefined {
    const value = this.plan.refused.has(conflict.path) ? undefined : resolver?.(conflict);
    return value === undefined ? undefined : this.take(conflict, value);
  }

  /** A side that has the value already, or ours with the value put there afterwards. */
  private take(conflict: Conflict, value: ConfigValue): Decision {
    for (const side of ['ours', 'theirs', 'base'] as const) {
      const known = conflict[side];
      if (known !== undefined && equalValues(known, value)) return side;
    }
    this.values.set(conflict.path, value);
    return 'ours';
  }
}

const joinable: ReadonlySet<ConflictKind> = new Set(['list-insert', 'list', 'list-replace', 'text']);

/** Whether both sides can stay, one after the other. */
export function fitsBoth({ kind, suggestion }: Pick<Conflict, 'kind' | 'suggestion'>): boolean {
  return joinable.has(kind) || suggestion?.take === 'both';
}

/** What the engine of a watcher needs of the outside. No code here, only shapes. */
import type { StackReading } from '../load.js';
import type { Mark } from '../mark.js';
import type { LookedAt } from '../source/types.js';

/** What a reading depends on, also when it failed. */
export type Looked = readonly LookedAt[];

/** Every source as it stands. */
export interface Marks {
  readonly byName: ReadonlyMap<string, Mark>;
  /** Git is writing the worktree (it holds `index.lock`). */
  readonly locked: boolean;
}

/** Neither throws: what cannot be read is an outcome, what cannot be looked at is a mark. */
export interface Sources {
  /** `signal` ends it: what has not answered by then has failed. */
  readonly read: (signal: AbortSignal) => Promise<StackReading>;
  readonly look: (looked: Looked) => Promise<Marks>;
}

/** Says that something may have changed: too often, too late or never, none of which does harm. */
export interface Hints {
  /**
   * Watches what these sources depend on from now on; `anew` leaves nothing of what was watched before. True when something was not
   * watched until now, so that its changes may have gone unseen.
   */
  readonly aim: (looked: Looked, options: { readonly anew: boolean }) => Promise<boolean>;
  readonly close: () => Promise<void>;
}

/** Opens hints. `onHint`: something may have changed; `onError`: something cannot be watched. */
export type OpenHints = (listeners: {
  readonly onHint: () => void;
  readonly onError: (error: unknown) => void;
}) => Hints;

/// <reference lib="esnext.disposable" preserve="true" />
/** The vocabulary of watching. No code here, only shapes. */
import type { KeyChange } from '../../diff/index.js';
import type { ConfigValue, KeyPath } from '../../doc/index.js';
import type { ConfigError } from '../../errors.js';
import type { Config, LoadOptions, Problem } from '../types.js';

/** What to load, as `loadConfig` takes it, and how to follow it. */
export interface WatchOptions extends LoadOptions {
  /**
   * How long, in milliseconds, nothing must have been written before the sources are read; eight times that while a write looks
   * unfinished. Default 50. 0 where every writer replaces a file in one step (writes another one and renames it).
   */
  readonly settleMs?: number;
  /** How often, in milliseconds, to look for changes that the system did not tell of. Default 3000. */
  readonly rescanMs?: number;
  /** Whether watching keeps the process alive. Default true. */
  readonly persistent?: boolean;
  /** Closes it when aborted. */
  readonly signal?: AbortSignal;
}

/** New configuration that took effect. */
export interface ConfigChange<T = ConfigValue> {
  /** 2 for the first change, one more for each that follows. */
  readonly revision: number;
  /** The whole configuration, deeply frozen. */
  readonly value: T;
  /** What differs from the configuration before, sorted by key path. Never empty. */
  readonly changes: readonly KeyChange[];
  /** The changes as they may be logged: what is secret now, or was before, is `***`. */
  readonly masked: () => readonly KeyChange[];
}

/** Why what the sources say now did not take effect: the first problem, and all of them. */
export interface InvalidConfig extends Problem {
  /** `E_INVALID` mostly; `E_SOURCE` for a layer that cannot be read, `E_SETTINGS` for a wrong `cfg.yaml`. */
  readonly code: ConfigError['code'];
  /** What to do about it. */
  readonly hint?: string;
  readonly problems: readonly Problem[];
}

/** What a {@link LiveConfig} tells, with what it passes to listeners. */
export interface LiveEvents<T = ConfigValue> {
  /** New configuration took effect. */
  readonly change: readonly [changes: readonly KeyChange[], change: ConfigChange<T>];
  /** What the sources say is not valid, or a required one cannot be read; the last good configuration stays. */
  readonly invalid: readonly [problem: InvalidConfig];
  /** The sources are valid again; a `change` follows when they also say something new. */
  readonly valid: readonly [];
  /** Watching is impaired (a folder cannot be watched, a file never comes to rest); it goes on as well as it can. */
  readonly error: readonly [error: ConfigError];
}

/** Takes a listener back. */
export type Unsubscribe = () => void;

/**
 * Configuration that follows its sources. As a {@link Config} it is always the last valid one, whole; it changes between two
 * turns of the event loop and never within one of your functions unless they await. As an iterable it gives each change from now on; a
 * loop that is slower than the changes gets them joined, and ends when watching does.
 */
export interface LiveConfig<T = ConfigValue>
  extends Config<T>, AsyncIterable<ConfigChange<T>>, AsyncDisposable {
  /** 1 at first, and one more with every change. As long as it stays, `value` is the same object. */
  readonly revision: number;
  /** Why what the sources say now is not in effect; undefined when it is. */
  readonly problem: InvalidConfig | undefined;
  /** Calls `listener` with every such event until taken back. What a listener throws is thrown to the process, as by `EventTarget`. */
  readonly on: <E extends keyof LiveEvents<T>>(
    event: E,
    listener: (...told: LiveEvents<T>[E]) => void,
  ) => Unsubscribe;
  /**
   * Calls `listener` when the value at a key path has changed, appeared or gone (then it is undefined), with the value before. Throws
   * E_BAD_PATH.
   */
  readonly watch: <V = ConfigValue>(
    path: string | KeyPath,
    listener: (value: V | undefined, before: V | undefined, change: ConfigChange<T>) => void,
  ) => Unsubscribe;
  /** Ends it, as the end of its block does after `await using`: nothing runs and nothing is told any more; the configuration stays readable. */
  readonly close: () => Promise<void>;
}

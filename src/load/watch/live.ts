/** What an application holds: the last valid configuration, and who wants to know of the next. */
import { diffValues, keyChange } from '../../diff/index.js';
import { equalValues, lookup, parseKeyPath, type ConfigValue, type KeyPath } from '../../doc/index.js';
import { ConfigError } from '../../errors.js';
import { maskChange } from '../config.js';
import type { Config } from '../types.js';
import type { ConfigChange, InvalidConfig, LiveConfig, LiveEvents, Unsubscribe } from './types.js';

type Listeners = { readonly [E in keyof LiveEvents]: Set<(...told: LiveEvents[E]) => void> };

/**
 * Starts at revision 1 with a valid configuration. `publish`, `refuse` and `report` are for whoever watches, `stop` ends that; the
 * rest is the application's.
 */
export class Live implements LiveConfig {
  readonly #listeners: Listeners = {
    change: new Set(),
    invalid: new Set(),
    valid: new Set(),
    error: new Set(),
  };
  readonly #waiting = new Set<() => void>();
  readonly #stop: () => Promise<void>;
  /** What is in effect. */
  #config: Config;
  /** The same value as the sources say it now: its keys may stand elsewhere. */
  #latest: Config;
  #revision = 1;
  #problem: InvalidConfig | undefined;
  #ending: Promise<void> | undefined;

  constructor(config: Config, stop: () => Promise<void>) {
    this.#config = config;
    this.#latest = config;
    this.#stop = stop;
  }

  get value(): ConfigValue {
    return this.#config.value;
  }

  get stack(): string {
    return this.#config.stack;
  }

  get sources(): Config['sources'] {
    return this.#latest.sources;
  }

  get revision(): number {
    return this.#revision;
  }

  get problem(): InvalidConfig | undefined {
    return this.#problem;
  }

  readonly get: Config['get'] = (path, fallback) => this.#config.get(path, fallback);
  readonly has: Config['has'] = (path) => this.#config.has(path);
  readonly explain: Config['explain'] = (path) => this.#latest.explain(path);
  readonly mask: Config['mask'] = (value = this.value, path = []) => this.#latest.mask(value, path);

  readonly on: LiveConfig['on'] = (event, listener) => {
    if (event in this.#listeners) return subscribe(this.#listeners[event], listener);
    throw new ConfigError('E_USAGE', `a watched configuration has no event '${event}'`, {
      hint: `its events: ${Object.keys(this.#listeners).join(', ')}`,
    });
  };

  readonly watch: LiveConfig['watch'] = <V>(
    path: string | KeyPath,
    listener: (value: V | undefined, before: V | undefined, change: ConfigChange) => void,
  ): Unsubscribe => {
    const keyPath = typeof path === 'string' ? parseKeyPath(path) : path;
    let known = lookup(this.value, keyPath);
    return this.on('change', (_changes, change) => {
      const [before, value] = [known, lookup(change.value, keyPath)];
      known = value;
      if (isSame(before, value)) return;
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the type is the caller's claim, checked by the schema if at all
      listener(value as V | undefined, before as V | undefined, change);
    });
  };

  readonly close = (): Promise<void> => {
    this.#ending ??= this.#stop();
    for (const listeners of Object.values(this.#listeners)) listeners.clear();
    this.#wakeLoops();
    return this.#ending;
  };

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  [Symbol.asyncIterator](): AsyncIterator<ConfigChange> {
    return this.#changes(this.#revision, this.#latest);
  }

  /** Valid configuration takes effect, and is told when it says something new. */
  publish(config: Config): void {
    if (this.#ending !== undefined) return;
    const before = this.#latest;
    this.#latest = config;
    const wasInvalid = this.#problem !== undefined;
    this.#problem = undefined;
    const change = changeBetween(before, config, this.#revision + 1);
    if (change !== undefined) {
      this.#config = config;
      this.#revision += 1;
    }
    if (wasInvalid) this.#tell('valid');
    if (change === undefined) return;
    this.#tell('change', change.changes, change);
    this.#wakeLoops();
  }

  /** What is in effect stays. Told once for each problem. */
  refuse(problem: InvalidConfig): void {
    if (this.#ending !== undefined) return;
    const isNew = this.#problem === undefined || !isSameProblem(this.#problem, problem);
    this.#problem = problem;
    if (isNew) this.#tell('invalid', problem);
  }

  report(error: ConfigError): void {
    if (this.#ending === undefined) this.#tell('error', error);
  }

  async *#changes(from: number, since: Config): AsyncGenerator<ConfigChange, undefined> {
    let [revision, config] = [from, since];
    for (;;) {
      if (this.#revision !== revision) {
        const change = changeBetween(config, this.#latest, this.#revision);
        [revision, config] = [this.#revision, this.#latest];
        if (change !== undefined) yield change;
      } else if (this.#ending === undefined) await new Promise<void>((resolve) => this.#waiting.add(resolve));
      else return undefined;
    }
  }

  #wakeLoops(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  /** Every listener hears it, whatever another one throws. */
  #tell<E extends keyof LiveEvents>(event: E, ...told: LiveEvents[E]): void {
    const listeners = [...this.#listeners[event]];
    for (const listener of listeners) {
      try {
        listener(...told);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}

/** Undefined where no value differs. */
function changeBetween(before: Config, after: Config, revision: number): ConfigChange | undefined {
  const changes = diffValues(before.value, after.value).map(keyChange);
  if (changes.length === 0) return undefined;
  return {
    revision,
    value: after.value,
    changes,
    masked: () => changes.map((change) => maskChange(change, [before, after])),
  };
}

/** The same function twice is two subscriptions. */
function subscribe<T extends readonly unknown[]>(
  listeners: Set<(...told: T) => void>,
  listener: (...told: T) => void,
): Unsubscribe {
  const own = (...told: T): void => listener(...told);
  listeners.add(own);
  return () => void listeners.delete(own);
}

function isSame(a: ConfigValue | undefined, b: ConfigValue | undefined): boolean {
  return a === undefined || b === undefined ? a === b : equalValues(a, b);
}

function isSameProblem(a: InvalidConfig, b: InvalidConfig): boolean {
  return (
    a.code === b.code &&
    a.problems.length === b.problems.length &&
    a.problems.every((problem, index) => {
      const other = b.problems[index];
      return (['file', 'line', 'column', 'path', 'message'] as const).every(
        (field) => problem[field] === other?.[field],
      );
    })
  );
}

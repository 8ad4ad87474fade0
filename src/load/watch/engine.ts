/**
 * The engine of a watcher: decides when a reading of the sources may be believed.
 *
 * States, and what leads out of them:
 *
 *     resting    a hint, or the time of a rescan: look; something moved -> settling
 *     settling   nothing moved for a quiet moment -> reading
 *     reading    something moved meanwhile, or it failed and may be half of a write -> settling; else judged -> resting
 *     closed     from every state; nothing is told any more
 *
 * Laws:
 *
 * 1. One loop goes through the states: there is one reading at a time, and all hints that come meanwhile are one pending look.
 * 2. A reading counts only when every source has the same mark before and after it, and had it for a quiet moment before.
 * 3. How long a quiet moment is, `quiet.ts` says. Every move begins it anew, and it does not end while Git holds `index.lock`.
 * 4. A hint is never believed, only looked after. What hints missed is found by the rescan, which opens them anew. What is newly
 *    watched is looked at once more after that.
 */
import { setMaxListeners } from 'node:events';
import { ConfigError } from '../../errors.js';
import type { Config } from '../types.js';
import type { StackReading } from '../load.js';
import { isSame, movedSource, newestMs } from './marks.js';
import type { Hints, Looked, Marks, OpenHints, Sources } from './ports.js';
import { moveOn, patienceOf, quietMs, startMotion, type Motion, type Patience } from './quiet.js';

export interface EngineOptions {
  readonly settleMs: number;
  readonly rescanMs: number;
  /** Whether its timers keep the process alive. */
  readonly persistent: boolean;
}

/** Called with what was judged. Must not throw. */
export interface EngineListener {
  readonly onConfig: (config: Config) => void;
  readonly onFailure: (error: ConfigError) => void;
  /** Watching is impaired; the last good configuration stays and the rescan goes on. */
  readonly onTrouble: (error: ConfigError) => void;
}

export interface EngineParts {
  readonly sources: Sources;
  readonly openHints: OpenHints;
  readonly listener: EngineListener;
}

/** After so much unrest somebody should know why nothing is published. */
const restlessMs = 10_000;
/** Two writes within one tick of the clock of a file system can leave the same mark (Linux: up to 10 ms). */
const tickMs = 20;

/** A reading that may be believed, and the marks of its sources. */
interface Settled {
  readonly reading: StackReading;
  readonly marks: Marks;
}

type Wake = 'hint' | 'time' | 'closed';

/** One engine serves one stack. `start` once, then `close`. */
export class Engine {
  readonly #parts: EngineParts;
  readonly #options: EngineOptions;
  readonly #patience: Patience;
  #settled: Settled | undefined;
  /** The marks of the last reading that was valid. */
  #good: Marks | undefined;
  #running: Promise<void> = Promise.resolve();
  #readAtMs = 0;
  /** A hint came since the last look. */
  #hinted = false;
  readonly #ending = new AbortController();
  #wake: ((cause: Wake) => void) | undefined;

  constructor(parts: EngineParts, options: EngineOptions) {
    this.#parts = parts;
    this.#options = options;
    this.#patience = patienceOf(options.settleMs);
    setMaxListeners(0, this.#ending.signal); // one for each source that is read; Node warns of more than ten
  }

  /** Reads for the first time and goes on watching. Throws what keeps the configuration from being valid, and then does not go on. */
  async start(): Promise<Config> {
    const { result } = (await this.#first()).reading;
    if ('error' in result) throw result.error;
    this.#running = this.#run().catch((error: unknown) => this.#trouble(error));
    return result.config;
  }

  /** Resolves when nothing runs any more. */
  async close(): Promise<void> {
    this.#ending.abort();
    this.#wake?.('closed');
    await this.#running;
  }

  /** Most programs start when nobody has written for long, and then do not wait. */
  async #first(): Promise<Settled> {
    const { sources } = this.#parts;
    const startedMs = Date.now();
    const reading = await sources.read(this.#ending.signal);
    const marks = await sources.look(reading.looked);
    const quiet = 'error' in reading.result ? this.#patience.longMs : this.#patience.shortMs;
    const isQuiet = !marks.locked && newestMs(marks) < startedMs - quiet;
    const settled = isQuiet ? { reading, marks } : await this.#settle(reading.looked, marks);
    if (settled === undefined) throw new ConfigError('E_INTERNAL', 'closed before it had started');
    return this.#keep(settled);
  }

  async #run(): Promise<void> {
    const hints = this.#parts.openHints({
      onHint: () => {
        this.#hinted = true;
        this.#wake?.('hint');
      },
      onError: (error) => this.#trouble(error),
    });
    try {
      await this.#loop(hints);
    } finally {
      await hints.close();
    }
  }

  async #loop(hints: Hints): Promise<void> {
    // A quiet moment shorter than a tick proves nothing, so everything is read again a tick later.
    const isRacy = this.#options.settleMs < tickMs;
    let recheckMs = isRacy ? tickMs : Infinity;
    let missed = false;
    while (!this.#closed) {
      if (await hints.aim(this.#looked, { anew: missed })) this.#hinted = true;
      const dueMs = this.#readAtMs + Math.min(recheckMs, pollMs(this.#looked));
      const cause = await this.#rest(Math.min(dueMs - performance.now(), this.#options.rescanMs));
      if (cause === 'closed') return;
      const isDue = performance.now() >= dueMs;
      const moved = await this.#catchUp(isDue);
      missed = moved && cause === 'time' && !isDue;
      recheckMs = moved && isRacy ? tickMs : Infinity;
    }
  }

  /** Looks; when something moved (or `unseen`: it may have) waits until it is quiet, reads, and tells. Whether something moved. */
  async #catchUp(unseen: boolean): Promise<boolean> {
    const looked = this.#looked;
    const marks = await this.#look(looked);
    const moved = this.#settled === undefined || !isSame(this.#settled.marks, marks);
    if (!moved && !unseen) return false;
    const settled = await this.#settle(looked, marks);
    if (settled === undefined || this.#closed) return false;
    const { result } = this.#keep(settled).reading;
    if ('config' in result) this.#parts.listener.onConfig(result.config);
    else this.#parts.listener.onFailure(result.error);
    return moved;
  }

  /** Waits until nothing moves, and reads. Undefined when closed meanwhile. */
  async #settle(looked: Looked, marks: Marks): Promise<Settled | undefined> {
    let motion = startMotion(looked, marks, performance.now());
    let restlessAtMs = motion.atMs + restlessMs;
    for (;;) {
      await this.#sleep(Math.min(this.#patience.stepMs, this.#waitMs(motion)));
      if (this.#closed) return undefined;
      const next = await this.#attempt(motion);
      if ('reading' in next) return next;
      if (next.atMs > restlessAtMs) {
        restlessAtMs = Infinity;
        this.#parts.listener.onTrouble(restless(movedSource(motion.marks, next.marks) ?? 'a source'));
      }
      motion = next;
    }
  }

  /** One look, and when it has been quiet for long enough, a reading: what was read, or what to wait for. */
  async #attempt(motion: Motion): Promise<Settled | Motion> {
    const marks = await this.#look(motion.looked);
    const seen = { ...motion, marks };
    if (!isSame(motion.marks, marks)) return moveOn(seen, performance.now());
    if (this.#waitMs(seen) > 0) return seen;
    const isHasty = performance.now() - motion.atMs < this.#patience.longMs;
    const reading = await this.#parts.sources.read(this.#ending.signal);
    const after = await this.#look(reading.looked);
    if (!isSame(marks, after))
      return moveOn({ ...motion, looked: reading.looked, marks: after }, performance.now());
    return isHasty && 'error' in reading.result ? { ...seen, failed: true } : { reading, marks: after };
  }

  /** Milliseconds of quiet that are missing. */
  #waitMs(motion: Motion): number {
    const neededMs = quietMs(motion, this.#good, this.#patience);
    return Math.max(0, motion.atMs + neededMs - performance.now());
  }

  #keep(settled: Settled): Settled {
    this.#settled = settled;
    this.#readAtMs = performance.now();
    if ('config' in settled.reading.result) this.#good = settled.marks;
    return settled;
  }

  get #closed(): boolean {
    return this.#ending.signal.aborted;
  }

  get #looked(): Looked {
    return this.#settled?.reading.looked ?? [];
  }

  /** What is hinted at from now on may be newer than what is seen. */
  #look(looked: Looked): Promise<Marks> {
    this.#hinted = false;
    return this.#parts.sources.look(looked);
  }

  /** Until a hint, for `ms` at most. */
  #rest(ms: number): Promise<Wake> {
    if (this.#closed) return Promise.resolve('closed');
    return this.#hinted ? Promise.resolve('hint') : this.#wait(Math.max(0, ms), () => true);
  }

  /** For `ms`, whatever is hinted at. Gives way to others even when there is nothing to wait for. */
  async #sleep(ms: number): Promise<void> {
    if (ms <= 0) await new Promise((resolve) => setImmediate(resolve));
    else if (!this.#closed) await this.#wait(ms, (cause) => cause === 'closed');
  }

  #wait(ms: number, isHeeded: (cause: Wake) => boolean): Promise<Wake> {
    return new Promise((resolve) => {
      const wake = (cause: Wake): void => {
        clearTimeout(timer);
        this.#wake = undefined;
        resolve(cause);
      };
      const timer = setTimeout(wake, ms, 'time');
      if (!this.#options.persistent) timer.unref();
      this.#wake = (cause) => {
        if (isHeeded(cause)) wake(cause);
      };
    });
  }

  #trouble(cause: unknown): void {
    const error =
      cause instanceof ConfigError
        ? cause
        : new ConfigError('E_INTERNAL', 'watching has ended', { hint: 'start it again', cause });
    this.#parts.listener.onTrouble(error);
  }
}

/** How long remote sources may go unasked. */
function pollMs(looked: Looked): number {
  return Math.min(Infinity, ...looked.map((place) => (place.kind === 'remote' ? place.everyMs : Infinity)));
}

function restless(source: string): ConfigError {
  return new ConfigError('E_SOURCE', `'${source}' has kept changing for ${restlessMs / 1000} s`, {
    hint: 'write it in one step: to another name, then rename; the last good configuration stays until it is quiet',
    details: { source },
  });
}

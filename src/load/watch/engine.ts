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
 * 3. The quiet moment is `settleMs`, and eight times that while a source is gone or shorter than when it was last good, or the
 *    reading fails: so look the writes of those who truncate, remove and create, or write in pieces, half-way through. Every move
 *    begins it anew, and it does not end while Git holds `index.lock`.
 * 4. A hint is never believed, only looked after. What hints missed is found by the rescan, which opens them anew. What is newly
 *    watched is looked at once more after that.
 */
import { ConfigError } from '../../errors.js';
import type { Config } from '../types.js';
import type { StackReading } from '../load.js';
import { isSame, isShrunk, movedSource, newestMs } from './marks.js';
import type { Hints, Looked, Marks, OpenHints, Sources } from './ports.js';

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

/** How many quiet moments long a write may pause half-way when it shows. */
const patience = 8;
/** How long Git's lock is respected after the last move: a process that died may have left it, or one holds it while a message is typed. */
const lockMs = 5_000;
/** After so much unrest somebody should know why nothing is published. */
const restlessMs = 10_000;
/** Two writes within one tick of the clock of a file system can leave the same mark (Linux: up to 10 ms). */
const tickMs = 20;

/** A reading that may be believed, and the marks of its sources. */
interface Settled {
  readonly reading: StackReading;
  readonly marks: Marks;
}

/** What was seen after the last move; times in milliseconds of the monotonic clock. */
interface Motion {
  readonly looked: Looked;
  readonly marks: Marks;
  readonly atMs: number;
  /** How long nothing must have moved since. */
  readonly quietMs: number;
}

type Wake = 'hint' | 'time' | 'closed';

/** One engine serves one stack. `start` once, then `close`. */
export class Engine {
  readonly #parts: EngineParts;
  readonly #options: EngineOptions;
  readonly #patientMs: number;
  #settled: Settled | undefined;
  /** The marks of the last reading that was valid. */
  #good: Marks | undefined;
  #running: Promise<void> = Promise.resolve();
  /** A hint came since the last look. */
  #hinted = false;
  #closed = false;
  #wake: ((cause: Wake) => void) | undefined;

  constructor(parts: EngineParts, options: EngineOptions) {
    this.#parts = parts;
    this.#options = options;
    this.#patientMs = options.settleMs * patience;
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
    this.#closed = true;
    this.#wake?.('closed');
    await this.#running;
  }

  /** Most programs start when nobody has written for long, and then do not wait. */
  async #first(): Promise<Settled> {
    const { sources } = this.#parts;
    const startedMs = Date.now();
    const reading = await sources.read();
    const marks = await sources.look(reading.looked);
    const quietMs = 'error' in reading.result ? this.#patientMs : this.#options.settleMs;
    const isQuiet = !marks.locked && newestMs(marks) < startedMs - quietMs;
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
      const unseenMs = Math.min(recheckMs, pollMs(this.#looked));
      const startedMs = performance.now();
      const cause = await this.#rest(Math.min(unseenMs, this.#options.rescanMs));
      if (cause === 'closed') return;
      const isDue = performance.now() - startedMs >= unseenMs;
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
    if (settled === undefined) return false;
    const { result } = this.#keep(settled).reading;
    if ('config' in result) this.#parts.listener.onConfig(result.config);
    else this.#parts.listener.onFailure(result.error);
    return moved;
  }

  /** Waits until nothing moves, and reads. Undefined when closed meanwhile. */
  async #settle(looked: Looked, marks: Marks): Promise<Settled | undefined> {
    let motion = this.#motion(looked, marks);
    let restlessAtMs = motion.atMs + restlessMs;
    for (;;) {
      await this.#sleep(motion.atMs + motion.quietMs - performance.now());
      if (this.#closed) return undefined;
      const next = await this.#attempt(motion);
      if ('reading' in next) return next;
      if (next.atMs > restlessAtMs) {
        restlessAtMs = Number.POSITIVE_INFINITY;
        this.#parts.listener.onTrouble(restless(movedSource(motion.marks, next.marks) ?? 'a source'));
      }
      motion = next;
    }
  }

  /** One try at the end of a quiet moment: what was read, or what to wait for. */
  async #attempt(motion: Motion): Promise<Settled | Motion> {
    const marks = await this.#look(motion.looked);
    if (!isSame(motion.marks, marks)) return this.#motion(motion.looked, marks);
    const quietMs = performance.now() - motion.atMs;
    if (marks.locked && quietMs < lockMs)
      return { ...motion, quietMs: quietMs + Math.max(this.#options.settleMs, tickMs) };
    const patient: Motion = { ...motion, quietMs: this.#patientMs };
    const isHasty = quietMs < this.#patientMs;
    if (isHasty && this.#good !== undefined && isShrunk(this.#good, marks)) return patient;
    const reading = await this.#parts.sources.read();
    const after = await this.#look(reading.looked);
    if (!isSame(marks, after)) return this.#motion(reading.looked, after);
    return isHasty && 'error' in reading.result ? patient : { reading, marks: after };
  }

  #motion(looked: Looked, marks: Marks): Motion {
    return { looked, marks, atMs: performance.now(), quietMs: this.#options.settleMs };
  }

  #keep(settled: Settled): Settled {
    this.#settled = settled;
    if ('config' in settled.reading.result) this.#good = settled.marks;
    return settled;
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
    return this.#hinted ? Promise.resolve('hint') : this.#wait(ms, () => true);
  }

  /** For `ms`, whatever is hinted at. Gives way to others even when there is nothing to wait for. */
  async #sleep(ms: number): Promise<void> {
    if (!this.#closed) await this.#wait(Math.max(0, ms), (cause) => cause === 'closed');
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

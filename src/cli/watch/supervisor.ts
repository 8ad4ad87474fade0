import type { Ending, Program } from './program.js';

/** What a supervisor tells. */
export interface SupervisorListener {
  readonly onStart: (pid: number) => void;
  /** It ended by itself. */
  readonly onEnd: (ending: Ending) => void;
}

export interface SupervisorOptions extends SupervisorListener {
  /** Starts the program. */
  readonly start: () => Program;
  /** What tells a running program of a change; default: it is restarted. */
  readonly signal?: NodeJS.Signals;
}

/** How long a program may take to end when it is asked to. */
const graceMs = 5_000;

/**
 * Keeps one program running with the current configuration, and never two: the next one starts when nothing of the one before is
 * left. Changes that come meanwhile make one restart. A program that has ended by itself is started again with the next change.
 */
export class Supervisor {
  readonly #options: SupervisorOptions;
  #program: Program | undefined;
  /** The program was asked to end. */
  #asked = false;
  #wanted = false;
  #running: Promise<void> | undefined;
  #ending: Promise<void> | undefined;
  #stopped = false;

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  /** There is new configuration (or the first one). */
  changed(): void {
    if (this.#stopped) return;
    const { signal } = this.#options;
    if (this.#program !== undefined && !this.#asked && signal !== undefined) {
      this.#program.signal(signal);
      return;
    }
    this.#wanted = true;
    this.#running ??= this.#restart().finally(() => (this.#running = undefined));
  }

  /** Ends the program. Resolves when nothing of it is left. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
    await this.#end();
  }

  /** Does not wait any longer for it to end. */
  kill(): void {
    this.#asked = true;
    this.#program?.kill();
  }

  async #restart(): Promise<void> {
    while (this.#wanted && !this.#stopped) {
      this.#wanted = false;
      await this.#end();
      if (!this.#stopped) this.#start();
    }
  }

  #start(): void {
    const program = this.#options.start();
    this.#program = program;
    this.#asked = false;
    this.#options.onStart(program.pid);
    void program.ended.then((ending) => {
      if (this.#asked) return;
      // What it left behind is on its own: by now its process group may be another's.
      this.#program = undefined;
      this.#options.onEnd(ending);
    });
  }

  /** However often it is asked to end meanwhile, the program hears it once. */
  #end(): Promise<void> {
    this.#asked = true;
    this.#ending ??= this.#endOf(this.#program).finally(() => (this.#ending = undefined));
    return this.#ending;
  }

  async #endOf(program: Program | undefined): Promise<void> {
    await program?.stop(graceMs);
    await program?.ended;
    this.#program = undefined;
  }
}

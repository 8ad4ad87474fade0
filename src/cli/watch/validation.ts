/** A check that is made again whenever something changes, until it is told to end. */
import { watchTree } from '../../load/index.js';

export interface Rounds<Answer> {
  /** The folder below which changes count. */
  readonly dir: string;
  readonly signal: AbortSignal;
  readonly look: () => Promise<Answer>;
  /** Told each answer that is not the one before. */
  readonly onAnswer: (answer: Answer) => void;
}

/** Editors write a file in several steps. */
const settleMs = 60;

/** What no event tells of: the index, branches, a folder that the system does not watch. */
const rescanMs = 3000;

/** Throws what `look` throws. */
export async function watchRounds<Answer>({ dir, signal, look, onAnswer }: Rounds<Answer>): Promise<void> {
  const bell = new Bell(signal);
  const close = await watchTree(dir, { onHint: () => bell.ring(), onError: () => bell.ring() });
  try {
    for (let last: string | undefined; !signal.aborted; await bell.wait()) {
      const answer = await look();
      const text = JSON.stringify(answer);
      if (text !== last && !signal.aborted) onAnswer(answer);
      last = text;
    }
  } finally {
    await close();
  }
}

/** Waits for the next hint and the quiet after it, at most until the next rescan. */
class Bell {
  private readonly signal: AbortSignal;
  private rung = false;
  private wake: () => void = () => {};

  constructor(signal: AbortSignal) {
    this.signal = signal;
    signal.addEventListener('abort', () => this.ring(), { once: true });
  }

  ring(): void {
    this.rung = true;
    this.wake();
  }

  async wait(): Promise<void> {
    if (!this.rung) await this.pause(rescanMs);
    while (this.rung && !this.signal.aborted) {
      this.rung = false;
      await this.pause(settleMs);
    }
  }

  /** Ends early with a ring. */
  private pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.wake = (): void => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

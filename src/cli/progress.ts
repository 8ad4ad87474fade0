import type { Io } from './io.js';

/** Tells a person at the terminal how far something is, once it lasts. */
export interface Progress {
  readonly update: (done: number, total: number) => void;
  /** Takes the line away again. */
  readonly end: () => void;
}

/** What is done sooner is not worth a word. */
const quietMs = 500;
const intervalMs = 100;

/** Progress on stderr, only where that is a terminal; `verb` begins the line: `Applying 4200 of 10000`. */
export function progressOn({ stderr, now }: Pick<Io, 'stderr' | 'now'>, verb: string): Progress {
  let next = now().getTime() + quietMs;
  let isShown = false;
  return {
    update: (done, total) => {
      if (!stderr.isTTY || now().getTime() < next) return;
      next = now().getTime() + intervalMs;
      isShown = true;
      stderr.write(`\r${verb} ${done} of ${total}\u001b[K`);
    },
    end: () => {
      if (isShown) stderr.write('\r\u001b[K');
      isShown = false;
    },
  };
}

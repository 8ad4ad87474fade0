import type { Io } from './io.js';

/** Tells a person at the terminal how far something is, once it lasts. */
export interface Progress {
  readonly update: (done: number, total: number) => void;
  /** The same in words of its own, made only when they show. */
  readonly say: (line: () => string) => void;
  /** Takes the line away again. */
  readonly end: () => void;
}

/** What is done sooner is not worth a word. */
const quietMs = 500;
const intervalMs = 100;

/** Progress on stderr, only where that is a terminal; `verb` begins the line: `Applying 4200 of 10000 (2100/s)`. */
export function progressOn({ stderr, now }: Pick<Io, 'stderr' | 'now'>, verb: string): Progress {
  const started = now().getTime();
  let next = started + quietMs;
  let isShown = false;
  const say = (line: () => string): void => {
    if (!stderr.isTTY || now().getTime() < next) return;
    next = now().getTime() + intervalMs;
    isShown = true;
    stderr.write(`\r${line()}\u001b[K`);
  };
  const perSecond = (done: number): number => Math.round((1000 * done) / (now().getTime() - started));
  return {
    update: (done, total) => say(() => `${verb} ${done} of ${total} (${perSecond(done)}/s)`),
    say,
    end: () => {
      if (isShown) stderr.write('\r\u001b[K');
      isShown = false;
    },
  };
}

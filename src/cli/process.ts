/** The one file of cfg that touches `process`: its streams, environment, signals and last-resort errors. */
import { fstatSync, statSync, writeSync } from 'node:fs';
import { constants } from 'node:os';
import { resolve } from 'node:path';
import { ConfigError } from '../errors.js';
import { exitCodes, reportFailure } from './failure.js';
import type { Io, Output, Prompt } from './io.js';

/** The process as an {@link Io}. Ctrl-C then ends with 130, and an error that nobody awaited is reported like any other. */
export function processIo(): Io {
  let interruption: AbortController | undefined;
  // Made when it is asked for: few commands do, and it takes a while to load.
  const interrupting = (): AbortController => (interruption ??= new AbortController());
  const stops = new Set<() => Promise<void>>();
  const io: Io = {
    get interrupted() {
      return interrupting().signal;
    },
    stdout: outputTo(1),
    stderr: outputTo(2),
    readStdin,
    get openPrompt() {
      return isTerminal(0) && isTerminal(2) ? () => openPrompt(interrupting().signal) : undefined;
    },
    get page() {
      return isTerminal(1) ? page : undefined;
    },
    env: process.env,
    self: [process.execPath, ...process.execArgv, resolve(process.argv[1] ?? '')],
    get cwd() {
      return currentFolder();
    },
    now: () => new Date(),
    onInterrupt: (stop) => {
      stops.add(stop);
      return () => stops.delete(stop);
    },
  };
  const end = async (code: number): Promise<void> => {
    interrupting().abort();
    if (stops.size > 0) await Promise.allSettled([...stops].map((stop) => stop()));
    process.exit(code);
  };
  for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => void end(128 + constants.signals[signal]));
  process.once('uncaughtException', (error) => {
    reportFailure(error, io, { json: false, color: 'never' });
    void end(exitCodes.E_INTERNAL);
  });
  return io;
}

/** Writes straight to the descriptor: nothing is lost at exit, and `process.stdout` (slow to set up) is only asked for its width. */
function outputTo(descriptor: 1 | 2): Output {
  let open = true;
  return {
    write(text) {
      if (open) open = writeAll(descriptor, Buffer.from(text, 'utf8'));
    },
    get isTTY() {
      return isTerminal(descriptor);
    },
    get closed() {
      return !open;
    },
    get columns() {
      return (descriptor === 1 ? process.stdout : process.stderr).columns ?? 80;
    },
    get rows() {
      return (descriptor === 1 ? process.stdout : process.stderr).rows ?? 24;
    },
  };
}

const streams = { 0: 'stdin', 1: 'stdout', 2: 'stderr' } as const;

/** Whether a descriptor is a terminal. The stream of the process, slow to set up, is only asked about a device that may be one. */
function isTerminal(descriptor: 0 | 1 | 2): boolean {
  return mayBeTerminal(descriptor) && process[streams[descriptor]].isTTY;
}

function mayBeTerminal(descriptor: number): boolean {
  try {
    const stat = fstatSync(descriptor);
    return stat.isCharacterDevice() && stat.rdev !== statSync('/dev/null', { throwIfNoEntry: false })?.rdev;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EBADF') return false;
    throw error;
  }
}

/** False when the reader has closed its end. */
function writeAll(descriptor: number, data: Buffer): boolean {
  for (let offset = 0; offset < data.length;) {
    try {
      offset += writeSync(descriptor, data, offset);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code === 'EPIPE') return false;
      if (code !== 'EAGAIN') throw cannotWrite(descriptor, error);
      // A pipe that another program made non-blocking is full: give its reader a moment.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
  return true;
}

function cannotWrite(descriptor: number, cause: unknown): ConfigError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ConfigError(
    'E_IO',
    `cannot write to ${descriptor === 1 ? 'standard output' : 'standard error'}: ${reason}`,
    {
      hint: 'make room there, or print to another place',
      cause,
    },
  );
}

function currentFolder(): string {
  try {
    return process.cwd();
  } catch (error) {
    throw new ConfigError('E_IO', 'the current folder is gone', {
      hint: 'cd to one that is there',
      cause: error,
    });
  }
}

function say(text: string): void {
  writeAll(2, Buffer.from(text, 'utf8'));
}

/** Line by line as the terminal hands it over, so that Ctrl-C and editing a line are the terminal's own. */
async function openPrompt(interrupted: AbortSignal): Promise<Prompt> {
  const { createInterface } = await import('node:readline');
  const lines = createInterface({ input: process.stdin, terminal: false });
  const typed = lines[Symbol.asyncIterator]();
  const ask = async (question: string): Promise<string | undefined> => {
    say(question);
    const { done, value } = await typed.next();
    return done === true ? undefined : value;
  };
  return {
    ask: async (question) => {
      const answer = await ask(question);
      if (answer === undefined) say('\n'); // Ctrl-D leaves the cursor behind the question
      return answer;
    },
    askSecret: async (question) => {
      const { spawnSync } = await import('node:child_process');
      // The terminal's own setting, so that editing the line and Ctrl-C stay as they are.
      const setEcho = (on: boolean): void =>
        void spawnSync('stty', [on ? 'echo' : '-echo'], { stdio: [0, 'ignore', 'ignore'] });
      const restore = (): void => setEcho(true);
      interrupted.addEventListener('abort', restore);
      setEcho(false);
      try {
        return await ask(question);
      } finally {
        restore();
        interrupted.removeEventListener('abort', restore);
        say('\n');
      }
    },
    close: () => lines.close(),
  };
}

/** The pager reads the keys from the terminal itself; `less` and `lv` get the options that Git gives them. */
async function page(text: string, program: string): Promise<boolean> {
  const { spawnSync } = await import('node:child_process');
  const { status, signal, error } = spawnSync('sh', ['-c', program], {
    input: text,
    stdio: ['pipe', 'inherit', 'inherit'],
    env: { LESS: 'FRX', LV: '-c', ...process.env },
  });
  // A reader that ends before the end of the text has read enough.
  const isMissing = status === 127 || (error !== undefined && status === null && signal === null);
  return !isMissing;
}

async function readStdin(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

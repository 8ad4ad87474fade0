/** One stream out, and what is known about who reads it. */
export interface Output {
  /** Writes at once; silent after the reader has gone (`cfg log | head`). */
  readonly write: (text: string) => void;
  readonly isTTY: boolean;
  /** Width of the terminal in characters. */
  readonly columns: number;
  /** Height of the terminal in lines; unlimited when not known. */
  readonly rows?: number;
  /** Whether the reader has gone, as far as writing has shown. Default false. */
  readonly closed?: boolean;
}

/** A person at a terminal who answers line by line. */
export interface Prompt {
  /** Shows the question; the line typed, undefined at the end of input. */
  readonly ask: (question: string) => Promise<string | undefined>;
  /** The same, and what is typed does not show. */
  readonly askSecret: (question: string) => Promise<string | undefined>;
  readonly close: () => void;
}

/** Everything the command line knows of the outside, passed in so that nothing below it touches `process`. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  /** All of standard input as text. */
  readonly readStdin: () => Promise<string>;
  /** Shows a text in a pager, a command line of the shell; false when that program is not there. Absent unless standard output is a terminal. */
  readonly page?: ((text: string, program: string) => Promise<boolean>) | undefined;
  /** Absent unless standard input and error are a terminal. */
  readonly openPrompt?: (() => Promise<Prompt>) | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The words that run this program from anywhere: node, its options and the script, with absolute paths; absent where not known. */
  readonly self?: readonly string[];
  /** Absolute path of the current folder. */
  readonly cwd: string;
  /** Aborted when the process is about to be ended from outside: what was begun is to be taken back at once. */
  readonly interrupted?: AbortSignal;
  readonly now: () => Date;
  /**
   * What is to be done before Ctrl-C (or another signal that ends programs) ends this one, and again with each further one; the
   * exit code says that it was interrupted. Gives what takes it back. Absent where there are no signals.
   */
  readonly onInterrupt?: (stop: () => Promise<void>) => () => void;
}

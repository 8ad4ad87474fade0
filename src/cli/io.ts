/** One stream out, and what is known about who reads it. */
export interface Output {
  /** Writes at once; silent after the reader has gone (`cfg log | head`). */
  readonly write: (text: string) => void;
  readonly isTTY: boolean;
  /** Width of the terminal in characters. */
  readonly columns: number;
}

/** Everything the command line knows of the outside, passed in so that nothing below it touches `process`. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  /** All of standard input as text. */
  readonly readStdin: () => Promise<string>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The words that run this program from anywhere: node, its options and the script, with absolute paths; absent where not known. */
  readonly self?: readonly string[];
  /** Absolute path of the current folder. */
  readonly cwd: string;
  readonly now: () => Date;
}

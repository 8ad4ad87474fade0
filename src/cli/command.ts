import type { Input } from './input.js';
import type { Style } from './render/style.js';
import type { Session } from './session.js';

export interface ArgumentSpec {
  /** As shown in the usage line: `ADDRESS`. */
  readonly name: string;
  readonly about: string;
  readonly required?: boolean;
  /** Takes all that is left; only the last argument can. */
  readonly many?: boolean;
}

export interface OptionSpec {
  /** `-m, --message <MSG>`; a flag without `<…>` takes no value, `--no-x` turns `x` off. */
  readonly flags: string;
  readonly about: string;
  readonly choices?: readonly string[];
  /** May be given several times. */
  readonly repeat?: boolean;
}

export interface ExampleSpec {
  /** As typed, `cfg` included. */
  readonly command: string;
  readonly about: string;
}

/** What a command has to say. */
export interface Outcome {
  /** The answer that `--json` prints. */
  readonly answer: unknown;
  /** The same for people, line breaks included. */
  readonly text: (style: Style) => string;
  /** Default 0; 1 means that the answer is no. */
  readonly exitCode?: 0 | 1;
  /** The text only confirms what was done, so `--quiet` leaves it out. */
  readonly confirmation?: boolean;
  /** What to know besides the answer, for stderr: a source that was left out, values that are masked. */
  readonly warnings?: readonly string[];
  /** Everything was printed while the command ran. */
  readonly printed?: boolean;
}

/** One command: how it is typed, what its help says, and what it does. */
export interface CommandSpec {
  /** Usage lines without `cfg`. */
  readonly usage: readonly string[];
  /** One or two sentences under the summary. */
  readonly about: string;
  readonly arguments: readonly ArgumentSpec[];
  readonly options: readonly OptionSpec[];
  /** At least two. */
  readonly examples: readonly ExampleSpec[];
  /** The shape of the `--json` answer. */
  readonly answer: string;
  readonly run: (session: Session, input: Input) => Promise<Outcome>;
}

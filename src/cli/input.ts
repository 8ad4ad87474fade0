import { ConfigError } from '../errors.js';

/** What was typed after the name of a command, parsed. */
export class Input {
  /** The arguments that are no options. */
  readonly operands: readonly string[];
  /** How many of the operands, from the end, stand after `--` and so are paths, never revisions; undefined without `--`. */
  readonly afterDashes: number | undefined;
  readonly #options: Readonly<Record<string, unknown>>;

  constructor(operands: readonly string[], options: Readonly<Record<string, unknown>>, afterDashes?: number) {
    this.operands = operands;
    this.afterDashes = afterDashes;
    this.#options = options;
  }

  /** The same with other values of some options. */
  with(options: Readonly<Record<string, unknown>>): Input {
    return new Input(this.operands, { ...this.#options, ...options }, this.afterDashes);
  }

  /** Whether a flag is on; that of `--no-x` is `x` and on by default. */
  flag(name: string): boolean {
    return this.#options[name] === true;
  }

  /** What a pair of flags `--x` and `--no-x` says; undefined where neither was given. */
  either(name: string): boolean | undefined {
    const value = this.#options[name];
    return typeof value === 'boolean' ? value : undefined;
  }

  /** The value of an option. */
  text(name: string): string | undefined {
    const value = this.#options[name];
    return typeof value === 'string' ? value : undefined;
  }

  /** The values of an option that may be repeated, in the order given. */
  texts(name: string): readonly string[] {
    const value = this.#options[name];
    return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
  }

  /** The value of an option that has choices. */
  choice<T extends string>(name: string, choices: readonly T[]): T | undefined {
    const value = this.#options[name];
    return choices.find((choice) => choice === value);
  }

  /** A whole number of at least 1. Throws E_USAGE. */
  positive(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    if (!/^[1-9]\d{0,8}$/.test(text))
      throw new ConfigError('E_USAGE', `'${text}' is not a number of at least 1`, { hint: `--${name} 10` });
    return Number(text);
  }

  /** An operand that the declared arguments promise. */
  operand(position: number): string {
    const operand = this.operands[position];
    if (operand === undefined) throw new ConfigError('E_USAGE', `argument ${position + 1} is missing`);
    return operand;
  }

  /** Throws E_USAGE when more than one of these options is on, or none of them. */
  exactlyOne(names: readonly string[]): void {
    const given = names.filter((name) => this.flag(name) || this.text(name) !== undefined);
    if (given.length === 1) return;
    const flags = names.map((name) => `--${name}`).join(', ');
    throw new ConfigError(
      'E_USAGE',
      given.length === 0
        ? `one of ${flags} is missing`
        : `only one of ${flags} can be given, not ${given.length}`,
      { hint: `say which one: ${names.map((name) => `--${name}`).join(' | ')}` },
    );
  }
}

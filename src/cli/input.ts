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

  /** The operands before `--`; all of them without it. */
  get beforeDashes(): readonly string[] {
    return this.operands.slice(0, this.operands.length - (this.afterDashes ?? 0));
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

  /** A whole number. Throws E_USAGE for anything else, and below `least`. */
  number(name: string, least = 1): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = /^\d{1,9}$/.test(text) ? Number(text) : -1;
    if (value < least)
      throw new ConfigError('E_USAGE', `--${name} takes a whole number of at least ${least}, not '${text}'`, {
        hint: `for example --${name} ${least + 1}`,
      });
    return value;
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

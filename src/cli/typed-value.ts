import type { ConfigValue } from '../doc/index.js';
import type { Io } from './io.js';

/**
 * A value as typed on a command line: `-` is standard input without its last line break; with `asString` the text itself, otherwise
 * what YAML 1.2 reads as a scalar or a flow collection.
 */
export async function typedValue(io: Io, typed: string, asString: boolean): Promise<ConfigValue> {
  const text = typed === '-' ? (await io.readStdin()).replace(/\r?\n$/, '') : typed;
  if (asString) return text;
  const { parseInputValue } = await import('../doc/index.js');
  return parseInputValue(text);
}

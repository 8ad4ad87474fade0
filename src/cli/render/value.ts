import type { ConfigValue } from '../../doc/index.js';

/** A value on its own: a string as it is, other scalars as written in YAML, collections as YAML. Ends with a line break. */
export async function valueText(value: ConfigValue): Promise<string> {
  const text = typeof value === 'string' ? value : await yamlText(value);
  return text.endsWith('\n') ? text : `${text}\n`;
}

async function yamlText(value: ConfigValue): Promise<string> {
  const { stringifyValue } = await import('../../doc/index.js');
  return stringifyValue(value, 'yaml');
}

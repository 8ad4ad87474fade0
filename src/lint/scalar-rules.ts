import type { Format, KeyPath, ScalarNode } from '../doc/index.js';
import type { Finding } from './report.js';
import { secretKind } from './secrets.js';

export interface ScalarPlace {
  readonly format: Format;
  readonly path: KeyPath;
}

/** Rules about one leaf. */
export function checkScalar(node: ScalarNode, place: ScalarPlace): Finding | undefined {
  const { value, text, style } = node;
  if (typeof value === 'string') {
    const secret = secretKind(place.path, value);
    if (secret !== undefined)
      return finding('plain-secret', `the value looks like ${secret} in plain text`, { node, place });
  }
  if (style !== 'plain' || place.format === 'ini') return undefined;
  if (place.format === 'yaml' && node.tag === undefined) {
    const trap = trapOf(text);
    if (trap !== undefined) return finding(trap[0], trap[1], { node, place });
  }
  if ((typeof value === 'number' || typeof value === 'bigint') && losesDigits(text))
    return finding(
      'imprecise-number',
      'the number has more digits than a double holds: quote it to keep them',
      {
        node,
        place,
      },
    );
  return undefined;
}

function finding(
  rule: string,
  message: string,
  { node: { offset, end }, place: { path } }: { readonly node: ScalarNode; readonly place: ScalarPlace },
): Finding {
  return { rule, message, start: offset, end, path };
}

/** What YAML 1.1 (yaml.org/type) and 1.2 (core schema) read differently. */
export function trapOf(text: string): readonly [rule: string, message: string] | undefined {
  if (text.length <= 3 && /^(?:yes|no|on|off)$/i.test(text))
    return [
      'yaml-boolean',
      `a boolean for YAML 1.1 readers and a string for others: write ${/^(?:yes|on)$/i.test(text) ? 'true' : 'false'}, or quote it`,
    ];
  if (!/^[-+]?\d/.test(text) || text.length > 100) return undefined;
  if (/^[-+]?0[0-7_]+$/.test(text) && /[1-7]/.test(text))
    return [
      'yaml-number',
      'octal for YAML 1.1 readers and decimal for others: quote it, or write 0o… or the decimal number',
    ];
  if (/^[-+]?(?:0b[01_]+|0x[\da-f_]*_[\da-f_]*|[1-9][\d_]*_[\d_]*(?:\.[\d_]*)?)$/i.test(text))
    return [
      'yaml-number',
      'a number for YAML 1.1 readers and a string for others: write it without, or quote it',
    ];
  if (/^[-+]?[1-9][\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?$/.test(text))
    return ['yaml-number', 'a number of base 60 for YAML 1.1 readers and a string for others: quote it'];
  return undefined;
}

/** Whether a double, written out again, is another number than the literal. */
function losesDigits(text: string): boolean {
  const digits = significant(text);
  if (digits === undefined || digits.length <= 15) return false;
  return digits !== significant(String(Number(text.replace(/^\+/, ''))));
}

/** The digits of a decimal literal from the first to the last that is not zero; undefined for other notations. */
function significant(text: string): string | undefined {
  const found = /^[-+]?(\d*)\.?(\d*)(?:e[-+]?\d+)?$/i.exec(text);
  if (found === null) return undefined;
  return `${found[1] ?? ''}${found[2] ?? ''}`.replace(/^0+/, '').replace(/0+$/, '');
}

/** INI files beside the `ini` package. */
import ini from 'ini';
import type { CorpusFile } from './files.js';
import { equalValues, valueOf, type ConfigDocument, type ConfigValue } from './library.js';

/**
 * Lines that the package is known to read wrong (test/doc/ini-package.test.ts lists them): deeper lines, `key: value`, quotes with a comment
 * behind them, text behind a section.
 */
const known = /^\s+[^\s;#]|^[^=\n]*:\s|["'].*[;#]|^\s*\[.*\].*\S|^[^=]*\[.*=|=\s*(["']).*\1\s*$/m;

/** Whether a file is in the dialect of the package, without such lines. */
export function isComparable({ path, text }: CorpusFile): boolean {
  return path.endsWith('.ini') && !known.test(text);
}

export function disagreement(doc: ConfigDocument): string | undefined {
  const theirs = JSON.parse(JSON.stringify(ini.parse(doc.text))) as ConfigValue;
  return equalValues(valueOf(doc), theirs) ? undefined : 'other values';
}

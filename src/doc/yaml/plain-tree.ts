/** The pieces of plain YAML, without the whole parser: what was read as plain needs no judgement any more. */
import type { DocumentNode } from '../tree.js';
import type { ConfigValue } from '../types.js';
import { TreeBuilder } from './build.js';
import { blockFrom, isDocumentStart } from './plain-place.js';
import { plainSpan } from './plain-spans.js';
import type { Region } from './spans.js';

/** What the whole parser makes of a text that `readPlain` takes and of which it read `value` (a test compares them). */
export function plainTree(text: string, value: ConfigValue): DocumentNode {
  return new TreeBuilder(text).document(plainSpan(text, value), regionOf(text));
}

function regionOf(text: string): Region {
  const first = blockFrom(text, 0);
  const contentFrom = first && isDocumentStart(text, first) ? first.from + 3 : 0;
  return { from: 0, contentFrom, contentTo: text.length, to: text.length };
}

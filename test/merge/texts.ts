/** Three versions of a document as texts, for properties of the merge. */
import * as fc from 'fast-check';
import { parseDocument, formatKeyPath } from '../../src/doc/index.js';
import { document, edit, edits, sections, type MapModel } from './model.js';
import { printModel, restyled, type ModelFormat, type PrintStyle } from './print-model.js';

export interface Texts {
  readonly path: string;
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
  /** The base, written in another way. */
  readonly restyled: string;
}

const paths: Readonly<Record<ModelFormat, string>> = { yaml: 'a.yaml', json: 'a.jsonc', ini: 'setup.cfg' };

export function texts(format: ModelFormat): fc.Arbitrary<Texts> {
  const model: fc.Arbitrary<MapModel> = format === 'ini' ? sections : document;
  return fc.tuple(model, edits, edits, fc.boolean()).map(([base, mine, other, isCrlf]) => {
    const print = (version: MapModel, style?: PrintStyle): string => {
      const text = printModel(version, format, style);
      return isCrlf ? text.replaceAll('\n', '\r\n') : text;
    };
    return {
      path: paths[format],
      base: print(base),
      ours: print(edit(base, mine)),
      theirs: print(edit(base, other)),
      restyled: print(base, restyled),
    };
  });
}

/** What is wrong with a text, by rule and key. */
export function problemsOf(text: string, path: string): readonly string[] {
  return parseDocument(text, { path }).diagnostics.map(
    ({ rule, path: at }) => `${rule} ${formatKeyPath(at ?? [])}`,
  );
}

export function hasMarkers(text: string): boolean {
  return /^(?:<{7}|={7}|>{7})/m.test(text);
}

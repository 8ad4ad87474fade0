import { expandTemplate } from './template.js';
import type { Template } from './types.js';

const forbidden = new Set(['', '.', '..', '.git']);

/** A path below the folder that cfg reads, without a leading `./`: relative, and without `..` or `.git`. Undefined for any other. */
export function pathInside(path: string): string | undefined {
  const plain = path.replace(leading, '');
  return plain.split('/').some((segment) => forbidden.has(segment.toLowerCase())) ? undefined : plain;
}

/** A template of such a path as long as its variables are plain names, without the slashes at its end. Undefined for any other. */
export function templateInside(template: Template): Template | undefined {
  const { text } = expandTemplate(template, () => 'x');
  if (pathInside(text.replace(trailing, '')) === undefined) return undefined;
  const last = template.length - 1;
  return template
    .map((piece, index) => (index === 0 && typeof piece === 'string' ? piece.replace(leading, '') : piece))
    .map((piece, index) =>
      index === last && typeof piece === 'string' ? piece.replace(trailing, '') : piece,
    )
    .filter((piece) => piece !== '');
}

const leading = /^(?:\.\/)+/;
const trailing = /\/+$/;

/** What to tell about any other. */
export const outside = {
  message: 'is not a path inside of the folder',
  hint: "write it relative to the folder, with '/', and without '..'",
};

import type { Template } from './types.js';

/** The text of a template, and the names of the variables that `lookup` does not know. */
export function expandTemplate(
  template: Template,
  lookup: (name: string) => string | undefined,
): { readonly text: string; readonly missing: readonly string[] } {
  const missing: string[] = [];
  const pieces = template.map((piece) => {
    if (typeof piece === 'string') return piece;
    const value = lookup(piece.variable);
    if (value === undefined) missing.push(piece.variable);
    return value ?? '';
  });
  return { text: pieces.join(''), missing };
}

/** Takes a text apart at its `${name}` (and, where `env` is set, `${env:NAME}`); undefined for a `${` that begins none. */
export function parseTemplate(
  text: string,
  { env = false }: { readonly env?: boolean } = {},
): Template | undefined {
  const placeholder = env ? /\$\{((?:env:)?[A-Za-z_][\w-]*)\}/ : /\$\{([A-Za-z_][\w-]*)\}/;
  // What the group matched, the names, stands between the texts.
  const template = text
    .split(placeholder)
    .map((piece, index) => (index % 2 === 0 ? piece : { variable: piece }))
    .filter((piece) => piece !== '');
  return template.some((piece) => typeof piece === 'string' && piece.includes('${')) ? undefined : template;
}

/** What to tell about a text that {@link parseTemplate} does not take. */
export const brokenPlaceholder = {
  message: 'has a broken placeholder',
  hint: 'a placeholder is ${name}, of letters, digits, - and _',
};

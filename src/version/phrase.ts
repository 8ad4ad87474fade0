/** Words, and the names among them, so that text and Markdown each write the names in their own way. */
export type Phrase = readonly (string | { readonly name: string })[];

/** The names are those that are filled in: phrase`${path} was added`. */
export function phrase(words: readonly string[], ...names: readonly string[]): Phrase {
  return words.flatMap((word, at) => [word, ...names.slice(at, at + 1).map((name) => ({ name }))]);
}

/** A phrase as one text. `written` says how its names are written (default: as they are). */
export function phraseText(said: Phrase, written: (name: string) => string = (name) => name): string {
  return said.map((part) => (typeof part === 'string' ? part : written(part.name))).join('');
}

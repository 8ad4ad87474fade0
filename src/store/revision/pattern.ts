/** A text as a regular expression; one that is none (`a+b)`) stands for itself. */
export function patternOf(text: string, flags: string): RegExp {
  try {
    return new RegExp(text, flags);
  } catch (error) {
    if (error instanceof SyntaxError)
      return new RegExp(text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'), flags);
    throw error;
  }
}

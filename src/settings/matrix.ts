import type { Stack } from './types.js';

/** Variable name to value. */
export type Variables = Readonly<Record<string, string>>;

/** Every combination of the values in a stack's `matrix`; one without variables where there is none. */
export function combinations({ matrix }: Stack): readonly Variables[] {
  let all: Variables[] = [{}];
  for (const [name, values] of matrix)
    all = all.flatMap((some) => values.map((value) => Object.assign({ [name]: value }, some)));
  return all;
}

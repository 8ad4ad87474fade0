/** A part of what a harness could try, chosen by the seed of the run. */

export const isFull: boolean = process.env['CFG_FULL'] !== undefined;
export const seed: number = Number(process.env['CFG_SEED'] ?? Date.now() % 1_000_000);

/** Some of them, always the same ones for one seed (mulberry32). */
export function someOf<T>(all: readonly T[], count: number, salt: number): readonly T[] {
  if (all.length <= count) return all;
  let state = (seed * 1009 + salt) | 0;
  const random = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const left = [...all];
  return Array.from({ length: count }, () => left.splice(Math.floor(random() * left.length), 1)).flat();
}

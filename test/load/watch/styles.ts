/** How programs write, as far as `docs/watching.md` promises anything to them: the pauses are the longest allowed. */
import fc from 'fast-check';
import type { Step, World } from './world.js';

/** Shorter than `settleMs`. */
const briefMs = 40;
/** Shorter than eight times that; allowed while the file is empty or gone. */
const longMs = 380;

interface Wish {
  readonly name: string;
  readonly lines: readonly string[];
  readonly pauses: readonly number[];
  readonly emptyMs: number;
}

type Style = (wish: Wish) => readonly Step[];

const rename: Style = ({ name, lines }) => [
  { afterMs: 0, act: (world) => world.replace(name, lines), done: true },
];

const inPlace: Style = ({ name, lines }) => [
  { afterMs: 0, act: (world) => world.write(name, lines), done: true },
];

const truncating: Style = ({ name, lines, emptyMs }) => [
  { afterMs: 0, act: (world) => world.write(name, []) },
  { afterMs: emptyMs, act: (world) => world.write(name, lines), done: true },
];

const slow: Style = ({ name, lines, pauses, emptyMs }) => [
  { afterMs: 0, act: (world) => world.write(name, []) },
  ...lines.map((line, index) => ({
    afterMs: index === 0 ? emptyMs : (pauses[index % pauses.length] ?? 0),
    act: (world: World) => world.append(name, line),
    done: index === lines.length - 1,
  })),
];

const recreating: Style = ({ name, lines, pauses, emptyMs }) => [
  { afterMs: 0, act: (world) => world.remove(name) },
  { afterMs: emptyMs, act: (world) => world.replace(name, lines.slice(0, 1)), done: lines.length === 1 },
  ...lines.slice(1).map((line, index) => ({
    afterMs: pauses[index % pauses.length] ?? 0,
    act: (world: World) => world.append(name, line),
    done: index === lines.length - 2,
  })),
];

const appending: Style = ({ name, lines, pauses }) =>
  lines.map((line, index) => ({
    afterMs: pauses[index % pauses.length] ?? 0,
    act: (world) => world.append(name, line),
    done: index === lines.length - 1,
  }));

/** Both files, one after the other, as a deployment does. */
const several: Style = ({ lines, pauses }) =>
  ['a', 'b'].map((name, index) => ({
    afterMs: index === 0 ? 0 : (pauses[0] ?? 0),
    act: (world: World) => world.replace(name, lines),
    done: index === 1,
  }));

/** Both files, long apart, under `index.lock`. */
const checkout: Style = ({ lines, emptyMs }) => [
  { afterMs: 0, act: (world) => (world.locked = true) },
  { afterMs: 1, act: (world) => world.replace('a', lines) },
  { afterMs: emptyMs * 5, act: (world) => world.replace('b', lines), done: true },
  { afterMs: 1, act: (world) => (world.locked = false) },
];

const invalid: Style = ({ name }) => [
  { afterMs: 0, act: (world) => world.replace(name, ['invalid']), done: true },
];

const styles: Readonly<Record<string, Style>> = {
  rename,
  inPlace,
  truncating,
  slow,
  recreating,
  appending,
  several,
  checkout,
  invalid,
};

/** One write of any style; `k` makes its content unlike any other's. */
export interface Write {
  readonly style: string;
  readonly afterMs: number;
  readonly steps: (k: number) => readonly Step[];
}

export const writes: fc.Arbitrary<readonly Write[]> = fc.array(
  fc
    .record({
      style: fc.constantFrom(...Object.keys(styles)),
      name: fc.constantFrom('a', 'b'),
      lineCount: fc.integer({ min: 1, max: 6 }),
      pauses: fc.array(fc.integer({ min: 0, max: briefMs }), { minLength: 1, maxLength: 4 }),
      emptyMs: fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: longMs })),
      afterMs: fc.oneof(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 5000 })),
    })
    .map(({ style, name, lineCount, pauses, emptyMs, afterMs }): Write => ({
      style,
      afterMs,
      steps: (k) => {
        const lines = Array.from({ length: lineCount }, () => String(k));
        return styles[style]?.({ name, lines, pauses, emptyMs }) ?? [];
      },
    })),
  { minLength: 1, maxLength: 6 },
);

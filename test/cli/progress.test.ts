import { expect, it } from 'vitest';
import { progressOn } from '../../src/cli/progress.js';

/** What a terminal is told while a clock goes on by so many milliseconds before each word. */
function told(isTTY: boolean, pauses: readonly number[]): string {
  let time = 0;
  let text = '';
  const stderr = { isTTY, columns: 80, write: (part: string): void => void (text += part) };
  const progress = progressOn({ stderr, now: () => new Date(time) }, 'Applying');
  pauses.forEach((pause, at) => {
    time += pause;
    progress.update(1000 * (at + 1), 10_000);
  });
  progress.end();
  return text;
}

it('tells after half a second how far it is and how fast, then takes the line away', () => {
  expect(told(true, [499, 501])).toBe('\rApplying 2000 of 10000 (2000/s)\u001b[K\r\u001b[K');
});

it('tells ten times a second, and a program or who waits for less nothing', () => {
  expect(told(true, [500, 99, 1]).match(/Applying \d+/g)).toEqual(['Applying 1000', 'Applying 3000']);
  expect(told(true, [499])).toBe('');
  expect(told(false, [1000, 1000])).toBe('');
});

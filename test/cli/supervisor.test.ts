import { expect, it } from 'vitest';
import { Supervisor } from '../../src/cli/watch/supervisor.js';
import type { Ending, Program } from '../../src/cli/watch/program.js';

/** A program that ends a moment after it is asked to, and counts how often that was. */
function patientProgram(): Program & { readonly asked: () => number } {
  let asked = 0;
  let end: (ending: Ending) => void = () => {};
  const ended = new Promise<Ending>((resolve) => (end = resolve));
  return {
    pid: 1,
    ended,
    asked: () => asked,
    signal: () => {},
    kill: () => end({ code: null, signal: 'SIGKILL' }),
    stop: async () => {
      asked += 1;
      await new Promise((resolve) => setTimeout(resolve, 5));
      end({ code: 0, signal: null });
    },
  };
}

it('asks a program once to end, however often it is stopped', async () => {
  const program = patientProgram();
  const events: string[] = [];
  const supervisor = new Supervisor({
    start: () => program,
    onStart: () => void events.push('start'),
    onEnd: () => void events.push('end'),
  });
  supervisor.changed();
  await expect.poll(() => events).toEqual(['start']);
  await Promise.all([supervisor.stop(), supervisor.stop()]);
  await supervisor.stop();
  expect([program.asked(), events]).toEqual([1, ['start']]);
});

import type { GcAnswer } from '../../repo/index.js';
import type { CommandSpec } from '../command.js';
import { count, lines } from '../render/text.js';

export const command: CommandSpec = {
  usage: ['gc'],
  about:
    'Puts all objects into one pack and removes those that nothing leads to: no branch, tag, reflog, index or worktree, for two weeks. ' +
    'Other commands may run meanwhile.',
  arguments: [],
  options: [],
  examples: [
    { command: 'cfg gc', about: 'make the repository small and fast' },
    { command: 'cfg gc --json', about: 'with the numbers, for a script that runs it every night' },
  ],
  answer: '{packed, pruned, before: {loose, packs, bytes}, after: {loose, packs, bytes}}',
  run: async (session) => {
    const answer = await (await session.open()).gc();
    return { answer, text: () => lines(render(answer)), confirmation: true };
  },
};

function render({ packed, pruned, before, after }: GcAnswer): string[] {
  const sizes = `${size(before.bytes)} before, ${size(after.bytes)} now`;
  if (packed === 0 && pruned === 0)
    return [`Nothing to do: ${count(after.packs, 'pack')}, ${size(after.bytes)}`];
  return [`Packed ${count(packed, 'object')}, removed ${pruned} that nothing led to: ${sizes}`];
}

function size(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1_000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

import type { CommandSpec } from '../command.js';
export const command: CommandSpec = {
  usage: ['demo [--dir DIR]'],
  about: '',
  arguments: [],
  options: [],
  examples: [],
  answer: '',
  run: async () => ({ answer: {}, text: () => '' }),
};

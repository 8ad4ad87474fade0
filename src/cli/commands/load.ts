import type { CommandSpec } from '../command.js';
import { loadTyped, stackOptions } from '../stack.js';

const formats = ['yaml', 'json', 'ini', 'env'] as const;

export const command: CommandSpec = {
  usage: ['load [STACK] [-e ENV] [--var K=V] [--rev REV] [--format yaml|json|ini|env]'],
  about:
    'Prints the merged configuration of a stack of cfg.yaml: its layers over each other, later wins, checked against its schema.',
  arguments: [
    { name: 'STACK', about: 'the stack (default: the only one, or the one called default or app)' },
  ],
  options: [
    ...stackOptions,
    { flags: '--format <F>', about: 'how to print it (default: yaml)', choices: formats },
  ],
  examples: [
    { command: 'cfg load app -e prod', about: 'what production gets' },
    {
      command: "cfg load -e prod --rev '^1.2' --format json",
      about: 'from the highest release of a range, as JSON',
    },
    { command: 'set -a; eval "$(cfg load -e dev --format env)"', about: 'as variables of a shell' },
  ],
  answer: 'the value itself',
  run: async (session, input) => {
    const { value } = await loadTyped(session, input, input.operands[0]);
    const { formatConfig } = await import('../../load/index.js');
    const text = formatConfig(value, input.choice('format', formats) ?? 'yaml');
    return { answer: value, text: (style) => style.block(text) };
  },
};

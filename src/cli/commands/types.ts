import { resolve } from 'node:path';
import type { CommandSpec } from '../command.js';
import { lines } from '../render/text.js';
import { typedOptions } from '../stack.js';

export const command: CommandSpec = {
  usage: ['types [STACK] [--name NAME] [-o FILE]'],
  about:
    'Prints a TypeScript declaration of the configuration of a stack, made from its schema, or writes it into a file. What TypeScript cannot say (ranges, patterns) is left out.',
  arguments: [
    { name: 'STACK', about: 'the stack (default: the only one, or the one called default or app)' },
  ],
  options: [
    { flags: '--name <NAME>', about: 'the name of the type (default: Config)' },
    { flags: '-o, --output <FILE>', about: 'write it there; the folder must exist' },
    { flags: '--rev <REV>', about: 'as it was at a revision or in the highest release of a range' },
  ],
  examples: [
    { command: 'cfg types app -o src/config.d.ts', about: 'then: loadConfig<Config>({ stack: "app" })' },
    { command: 'cfg types --name AppConfig', about: 'what it would write' },
  ],
  answer: '{stack, schema, text, file?}, file where it was written',
  run: async (session, input) => {
    const { configTypes } = await import('../../load/index.js');
    const name = input.text('name');
    const options = await typedOptions(session, input, input.operands[0]);
    const types = await configTypes({ ...options, ...(name === undefined ? {} : { name }) });
    const output = input.text('output');
    if (output === undefined) return { answer: types, text: (style) => style.block(types.text) };
    const { atomicWrite, nodeFileSystem } = await import('../../store/index.js');
    atomicWrite(nodeFileSystem, resolve(session.cwd, output), Buffer.from(types.text));
    return { answer: { ...types, file: output }, text: () => lines([`Wrote ${output}`]), confirmation: true };
  },
};

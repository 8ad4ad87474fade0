import type { ConfigValue } from '../../doc/index.js';
import { ConfigError } from '../../errors.js';
import type { Config } from '../../load/index.js';
import type { CommandSpec } from '../command.js';
import type { Input } from '../input.js';
import { maskWarnings, sourceWarnings } from '../stack-warnings.js';
import { loadTyped, revealOption, stackOptions } from '../stack.js';

const formats = ['yaml', 'json', 'ini', 'env'] as const;

export const command: CommandSpec = {
  usage: [
    'load [STACK] [-e ENV] [--var K=V] [--set KEY=VALUE] [--rev REV] [--format yaml|json|ini|env] [--annotate] [--reveal]',
  ],
  about:
    'Prints the merged configuration of a stack of cfg.yaml: its layers over each other, later wins, checked against its schema. Values that look secret, or that the schema marks writeOnly, are printed as *** unless --reveal is given. Without a cfg.yaml the layers are the files called default, ENV and local, and variables APP_…',
  arguments: [
    { name: 'STACK', about: 'the stack (default: the only one, or the one called default or app)' },
  ],
  options: [
    ...stackOptions,
    revealOption,
    { flags: '--annotate', about: 'with YAML: where each line comes from, as a comment' },
    { flags: '--format <F>', about: 'how to print it (default: yaml)', choices: formats },
  ],
  examples: [
    { command: 'cfg load app -e prod', about: 'what production gets' },
    { command: 'cfg load app -e prod --annotate', about: 'and which file and line each value comes from' },
    {
      command: "cfg load -e prod --rev '^1.2' --format json",
      about: 'from the highest release of a range, as JSON',
    },
    { command: 'set -a; eval "$(cfg load -e dev --format env --reveal)"', about: 'as variables of a shell' },
  ],
  answer: 'the value itself, secrets masked',
  run: async (session, input) => {
    const config = await loadTyped(session, input, input.operands[0]);
    const reveal = input.flag('reveal');
    const value = reveal ? config.value : config.mask();
    const text = await printed(value, config, input);
    const warnings = [...sourceWarnings(config), ...(reveal ? [] : maskWarnings(config))];
    return { answer: value, text: (style) => style.block(text), warnings };
  },
};

async function printed(value: ConfigValue, config: Config, input: Input): Promise<string> {
  const format = input.choice('format', formats) ?? 'yaml';
  if (input.flag('annotate')) {
    if (format !== 'yaml')
      throw new ConfigError('E_USAGE', `--annotate needs YAML, not ${format}`, {
        hint: 'cfg load --annotate',
      });
    const { annotated } = await import('../render/annotated.js');
    return annotated(value, config);
  }
  const { formatConfig } = await import('../../load/index.js');
  return formatConfig(value, format);
}

import { ConfigError } from '../../errors.js';
import type { CommandSpec, Outcome } from '../command.js';
import type { Input } from '../input.js';
import { valueText } from '../render/value.js';
import type { Session } from '../session.js';
import { sourceText } from '../source-text.js';
import { sourceWarnings } from '../stack-warnings.js';
import { loadTyped, revealOption, stackOptions } from '../stack.js';

export const command: CommandSpec = {
  usage: ['get [REV:]FILE[#KEY] [--raw]', 'get KEY [--stack S] [-e ENV] [--reveal]'],
  about:
    'Prints one value: a string as it is, a collection as YAML. With --stack or -e the value is that of the merged configuration. After REV: a path is relative to the root of the repository, with ./ or ../ in front to the current folder.',
  arguments: [{ name: 'ADDRESS', about: 'a file, a key of a file, or a key of the stack', required: true }],
  options: [
    { flags: '--raw', about: 'the text as it stands in the file, with quotes and comments' },
    { flags: '--stack <S>', about: 'of this stack (default with -e: the only one, or app)' },
    ...stackOptions,
    revealOption,
  ],
  examples: [
    { command: 'cfg get services/api.yaml#db.pool.max', about: 'a value of a file' },
    { command: 'cfg get v1.2.0:services/api.yaml#db.pool', about: 'as it was released' },
    { command: 'cfg get db.pool.max -e prod', about: 'what production gets' },
  ],
  answer:
    '{value, source: {revision?, file, line, column}}; of a stack source is {layer, file?, line?, column?, variable?}',
  run: async (session, input) => {
    const merged =
      ['stack', 'env', 'rev'].some((name) => input.text(name) !== undefined) ||
      ['var', 'set'].some((name) => input.texts(name).length > 0);
    return merged ? getMerged(session, input) : getFromFile(session, input);
  },
};

async function getMerged(session: Session, input: Input): Promise<Outcome> {
  if (input.flag('raw'))
    throw new ConfigError('E_USAGE', '--raw is for files, not for merged configuration', {
      hint: 'cfg explain KEY tells the file',
    });
  const config = await loadTyped(session, input, input.text('stack'));
  const key = input.operand(0);
  const { value: found, from } = config.explain(key);
  const value = input.flag('reveal') ? found : config.mask(found, key);
  const text = await valueText(value);
  const warnings = sourceWarnings(config);
  return { answer: { value, source: from }, text: (style) => style.block(text), warnings };
}

async function getFromFile(session: Session, input: Input): Promise<Outcome> {
  const repo = await session.open();
  const address = input.operand(0);
  const answer = await repo.get(address);
  const text = input.flag('raw')
    ? await sourceText(repo, address, answer.source)
    : await valueText(answer.value);
  return { answer, text: (style) => style.block(text) };
}

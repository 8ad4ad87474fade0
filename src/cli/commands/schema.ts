import type { SchemaCheckAnswer } from '../../repo/index.js';
import { stringifyValue } from '../../doc/index.js';
import { ConfigError } from '../../errors.js';
import type { CommandSpec, Outcome } from '../command.js';
import type { Input } from '../input.js';
import { visible, type Style } from '../render/style.js';
import { count, lines } from '../render/text.js';
import type { Session } from '../session.js';

const formats = ['json', 'yaml'] as const;

export const command: CommandSpec = {
  usage: ['schema check OLD NEW', 'schema infer FILE… [--format json|yaml]'],
  about:
    'check lists what a later version of a JSON Schema no longer allows, so that configuration which satisfied the earlier one may break; exits with 1 when something surely does. infer drafts a schema from examples: they all satisfy it, and no value of theirs is in it.',
  arguments: [
    { name: 'ACTION', about: 'check or infer', required: true },
    { name: 'FILE…', about: 'files, as [REV:]FILE', many: true },
  ],
  options: [{ flags: '--format <F>', about: 'how infer prints it (default: json)', choices: formats }],
  examples: [
    {
      command: 'cfg schema check main:schemas/app.json schemas/app.json',
      about: 'does my change of the schema break anyone?',
    },
    { command: 'cfg schema infer services/*.yaml > schemas/service.json', about: 'a schema to start with' },
  ],
  answer:
    '{compatible, changes: [{file, line, column, path, severity, message}]}, the places in NEW; of infer the schema',
  run: async (session, input) => {
    const [action, ...files] = input.operands;
    if (action === 'check') return check(session, files);
    if (action === 'infer') return infer(session, input, files);
    throw new ConfigError('E_USAGE', `'schema' takes check or infer, not '${action ?? ''}'`, {
      hint: 'cfg schema check OLD NEW | cfg schema infer FILE…',
    });
  },
};

async function check(session: Session, [before, after, ...more]: readonly string[]): Promise<Outcome> {
  if (before === undefined || after === undefined || more.length > 0)
    throw new ConfigError('E_USAGE', "'schema check' needs two files", {
      hint: 'cfg schema check main:schemas/app.json schemas/app.json',
    });
  const answer = await (await session.open()).checkSchema(before, after);
  return { answer, text: (style) => render(answer, style), exitCode: answer.compatible ? 0 : 1 };
}

async function infer(session: Session, input: Input, files: readonly string[]): Promise<Outcome> {
  if (files.length === 0)
    throw new ConfigError('E_USAGE', "'schema infer' needs a file", {
      hint: 'cfg schema infer services/*.yaml',
    });
  const answer = await (await session.open()).inferSchema(files);
  return { answer, text: () => stringifyValue(answer, input.choice('format', formats) ?? 'json') };
}

function render({ compatible, changes }: SchemaCheckAnswer, style: Style): string {
  const rows = changes.map(({ file, line, column, severity, message }) => {
    const kind = severity === 'error' ? style.red('breaking') : style.yellow('may break');
    return `${visible(`${file}:${line}:${column}`)}: ${kind}: ${visible(message)}`;
  });
  const sure = changes.filter(({ severity }) => severity === 'error').length;
  const sum = compatible
    ? `${style.green('ok')}  what satisfied the schema still does${changes.length > 0 ? ', as far as cfg can tell' : ''}`
    : `${count(sure, 'change')} that existing configuration may not survive`;
  return lines([...rows, sum]);
}

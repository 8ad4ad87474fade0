import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { CommandSpec } from '../command.js';
import { address, inline, lines } from '../render/text.js';
import { typedValue } from '../typed-value.js';

export const command: CommandSpec = {
  usage: ['set FILE#KEY VALUE [--string]'],
  about:
    'Changes one value in the worktree, or adds the key; comments, quotes, order and layout of everything else stay. VALUE is read as YAML: 8080 is a number, true a boolean, [a, b] a list, {a: 1} a map, anything else a string.',
  arguments: [
    { name: 'FILE#KEY', about: 'the key; a missing file and missing parents are made', required: true },
    { name: 'VALUE', about: 'the new value; - reads it from standard input', required: true },
  ],
  options: [{ flags: '--string', about: 'take VALUE as a string, whatever it looks like' }],
  examples: [
    { command: 'cfg set services/api.yaml#db.pool.max 50', about: 'a number' },
    { command: 'cfg set services/api.yaml#zip 01234 --string', about: 'a string that looks like a number' },
    { command: "cfg set services/api.yaml#hosts '[a, b]'", about: 'a list' },
    { command: 'cfg set tls.yaml#cert - --string < cert.pem', about: 'a text of several lines' },
  ],
  answer: '{file, path, before, after}; before is null for a key that was not there',
  run: async (session, input) => {
    const typed = input.operand(1);
    const asString = input.flag('string');
    const value = await typedValue(session.io, typed, asString);
    const [typedFile = ''] = input.operand(0).split('#');
    const isNewFile = !existsSync(resolve(session.cwd, typedFile));
    const spelling = asString || typed === '-' ? {} : { source: typed };
    const answer = await (await session.open()).set(input.operand(0), value, spelling);
    return {
      answer: {
        file: answer.file,
        path: answer.path,
        before: answer.before ?? null,
        after: answer.after ?? null,
      },
      text: (style) => {
        const room = Math.floor((style.columns - 30) / 2);
        const after = inline(answer.after, room);
        const change =
          answer.before === undefined
            ? `${after} (new${isNewFile ? ' file' : ''})`
            : `${inline(answer.before, room)} -> ${after}`;
        return lines([`${address(answer.file, answer.path)}: ${change}`]);
      },
      confirmation: true,
    };
  },
};

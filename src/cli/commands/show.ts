import type { ConfigValue } from '../../doc/index.js';
import type { Repository, ShowAnswer } from '../../repo/index.js';
import type { CommandSpec } from '../command.js';
import { renderCommit } from '../render/history.js';
import { valueText } from '../render/value.js';
import { sourceText } from '../source-text.js';

export const command: CommandSpec = {
  usage: ['show [ADDRESS]'],
  about:
    'Shows a commit with its changes by key (of a merge: those values that none of its parents has); or, for [REV:]FILE[#KEY], the content of a file or one value as it was. After REV: a path is relative to the root of the repository, with ./ or ../ in front to the current folder.',
  arguments: [{ name: 'ADDRESS', about: 'a revision (default: HEAD), or [REV:]FILE[#KEY]' }],
  options: [],
  examples: [
    { command: 'cfg show', about: 'the last commit' },
    { command: 'cfg show v1.2.0:services/api.yaml', about: 'a file as it was released' },
    {
      command: "cfg show '^1.2:services/api.yaml#db.pool.max'",
      about: 'a value in the highest release of a range',
    },
  ],
  answer:
    '{commit, parents, author: {name, email, date}, message, tags, signature?: {format, status: "good" | "unknown" | "bad" | "unchecked", signers?: [principal], key?, reason?}, changes: [{path, status, from?, changes: [{path, kind, from?, before?, after?}], text?}]} for a commit, {value} otherwise',
  run: async (session, input) => {
    const repo = await session.open();
    const address = input.operands[0] ?? 'HEAD';
    const answer = await repo.show(address);
    if (isCommit(answer)) return { answer, text: (style) => renderCommit(answer, style) };
    const text = (await fileText(repo, address)) ?? (await valueText(answer.value));
    return { answer, text: (style) => style.block(text) };
  },
};

/** The text of the file, for an address without a key. */
async function fileText(repo: Repository, address: string): Promise<string | undefined> {
  const { parseAddress } = await import('../../doc/index.js');
  if (parseAddress(address).path !== undefined) return undefined;
  const { source } = await repo.get(address);
  return sourceText(repo, address, source);
}

function isCommit(answer: ShowAnswer): answer is Exclude<ShowAnswer, { readonly value: ConfigValue }> {
  return 'commit' in answer && 'changes' in answer && 'parents' in answer;
}

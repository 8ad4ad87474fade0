import type { CommandSpec } from '../command.js';
import { lastSet } from '../last-set.js';
import { renderExplanation, type ExplainAnswer } from '../render/explanation.js';
import { loadTyped, stackOptions } from '../stack.js';

export const command: CommandSpec = {
  usage: ['explain KEY [STACK] [-e ENV]'],
  about:
    'Tells where a value of the merged configuration comes from: the layer that won, its file, line and column, the commit and author that last set it, and what every other layer says.',
  arguments: [
    { name: 'KEY', about: 'a key path of the merged configuration', required: true },
    { name: 'STACK', about: 'the stack (default: the only one, or the one called default or app)' },
  ],
  options: stackOptions,
  examples: [
    { command: 'cfg explain db.pool.max -e prod', about: 'why is it 80 in production?' },
    { command: 'cfg explain db.host app -e dev --rev v1.2.0', about: 'as it was in a release' },
  ],
  answer:
    '{path, value, from: {layer, file?, line?, column?, variable?, commit, author, date}, overridden: [{value, layer, file?, line?, column?, variable?}]}; commit, author and date are null where no commit has that value',
  run: async (session, input) => {
    const config = await loadTyped(session, input, input.operands[1]);
    const { path, value, from, overridden } = config.explain(input.operand(0));
    const setBy = await lastSet(session, { path, origin: from, revision: input.text('rev') });
    const answer: ExplainAnswer = { path, value, from: { ...from, ...setBy }, overridden };
    return { answer, text: (style) => renderExplanation(answer, style) };
  },
};

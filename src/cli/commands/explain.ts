import type { Config } from '../../load/index.js';
import type { ExplainAnswer } from '../../repo/index.js';
import type { CommandSpec } from '../command.js';
import type { Input } from '../input.js';
import { renderExplanation } from '../render/explanation.js';
import { openIfAny, type Session } from '../session.js';
import { sourceWarnings } from '../stack-warnings.js';
import {
  loadTyped,
  requireRootSettings,
  revealOption,
  stackOptions,
  typedOverrides,
  typedStack,
} from '../stack.js';

export const command: CommandSpec = {
  usage: ['explain KEY [STACK] [-e ENV] [--reveal]'],
  about:
    'Tells where a value of the merged configuration comes from: the layer that won, its file, line and column, the commit and author that last set it, and what every other layer says.',
  arguments: [
    { name: 'KEY', about: 'a key path of the merged configuration', required: true },
    { name: 'STACK', about: 'the stack (default: the only one, or the one called default or app)' },
  ],
  options: [...stackOptions, revealOption],
  examples: [
    { command: 'cfg explain db.pool.max -e prod', about: 'why is it 80 in production?' },
    { command: 'cfg explain db.host app -e dev --rev v1.2.0', about: 'as it was in a release' },
  ],
  answer:
    '{path, value, from: {layer, file, line, column, variable?, url?, commit, author, date}, overridden: [{value, layer, file?, line?, column?, variable?, url?}]}; file, line and column are null for a layer that is no file, commit, author and date where no commit has that value',
  run: async (session, input) => {
    const { answer, sources } = await explained(session, input);
    return {
      answer,
      text: (style) => renderExplanation(answer, style),
      warnings: sourceWarnings({ sources }),
    };
  },
};

interface Explained {
  readonly answer: ExplainAnswer;
  readonly sources: Config['sources'];
}

/** Outside of a repository nobody has set anything. */
async function explained(session: Session, input: Input): Promise<Explained> {
  const [key, stack] = [input.operand(0), input.operands[1]];
  const reveal = input.flag('reveal');
  const repo = await openIfAny(session);
  if (repo === undefined) {
    const { maskExplanation } = await import('../../load/index.js');
    const config = await loadTyped(session, input, stack);
    const found = config.explain(key);
    const { from, ...rest } = reveal ? found : maskExplanation(found, config);
    const { file = null, line = null, column = null } = from;
    const nobody = { commit: null, author: null, date: null };
    return {
      answer: { ...rest, from: { ...from, file, line, column, ...nobody } },
      sources: config.sources,
    };
  }
  requireRootSettings(session, repo);
  const revision = input.text('rev');
  const overrides = await typedOverrides(input);
  let sources: Explained['sources'] = [];
  const answer = await repo.explain(key, {
    ...typedStack(input, stack),
    mask: !reveal,
    onSources: (read) => (sources = read),
    ...(overrides === undefined ? {} : { overrides }),
    ...(revision === undefined ? {} : { revision }),
  });
  return { answer, sources };
}

import type { CommandSpec } from '../command.js';
import { ConfigError } from '../../errors.js';
import type { ProtectAnswer } from '../../repo/index.js';
import { visible } from '../render/style.js';
import { count, lines } from '../render/text.js';

const levels = ['none', 'basic', 'standard', 'strict'] as const;

export const command: CommandSpec = {
  usage: ['protect PATTERN LEVEL [--approvals N] [--signed-approvals] [--signed]'],
  about:
    'Writes the protection of branches into cfg.yaml, comments and layout kept, and stages it. The rule holds for a branch once a commit brings it there. Levels: none; basic (no rewrite, no delete); standard (merges only, with a valid result); strict (also up to date and approved).',
  arguments: [
    { name: 'PATTERN', about: "a branch, or a glob as 'release/*'", required: true },
    { name: 'LEVEL', about: levels.join(', '), required: true },
  ],
  options: [
    { flags: '--approvals <N>', about: 'for strict: how many people must approve (default: 1)' },
    { flags: '--signed-approvals', about: 'for strict: only approvals signed by an allowed signer count' },
    { flags: '--no-signed-approvals', about: 'all approvals count again' },
    { flags: '--signed', about: 'every commit that comes in must be signed by an allowed signer' },
    { flags: '--no-signed', about: 'they need not be signed any more' },
  ],
  examples: [
    { command: 'cfg protect main strict --approvals 2', about: 'two people look at every change' },
    { command: "cfg protect 'release/*' standard", about: 'merges only' },
    { command: 'cfg protect main strict --signed-approvals --signed', about: 'and nothing unsigned' },
    { command: 'cfg protect main none', about: 'lift it' },
  ],
  answer: '{pattern, level, approvals, signedApprovals?, signed?}',
  run: async (session, input) => {
    const [pattern, typed] = [input.operand(0), input.operand(1)];
    const level = levels.find((one) => one === typed);
    if (level === undefined)
      throw new ConfigError('E_USAGE', `'${typed}' is not a level of protection`, {
        hint: levels.join(', '),
      });
    const approvals = input.number('approvals', 0);
    const [signedApprovals, signed] = [input.either('signedApprovals'), input.either('signed')];
    const answer = await (
      await session.open()
    ).protect({
      pattern,
      level,
      ...(approvals !== undefined && { approvals }),
      ...(signedApprovals !== undefined && { signedApprovals }),
      ...(signed !== undefined && { signed }),
    });
    return {
      answer,
      text: () =>
        lines([
          `cfg.yaml: '${visible(pattern)}' is ${level}${demands(answer)}; staged`,
          `Next: cfg commit -m "protect ${visible(pattern)}"`,
        ]),
      confirmation: true,
    };
  },
};

function demands({ approvals, signedApprovals, signed }: ProtectAnswer): string {
  const all = [
    ...(approvals === 0 ? [] : [count(approvals, signedApprovals === true ? 'signed approval' : 'approval')]),
    ...(signed === true ? ['signed commits'] : []),
  ];
  return all.length === 0 ? '' : ` with ${all.join(' and ')}`;
}

import type { ValidateAnswer } from '../../repo/index.js';
import type { CommandSpec } from '../command.js';
import { renderAnnotations, renderProblems } from '../render/problems.js';

const formats = ['human', 'json', 'github'] as const;

export const command: CommandSpec = {
  usage: ['validate [PATH…] [--staged | --since REV | --rev REV] [--format human|json|github]'],
  about:
    'Checks that configuration files parse and satisfy their schemas, and that stacks load in every combination of their matrix. Exits with 1 when something is wrong; each problem is at file:line:column.',
  arguments: [
    { name: 'PATH…', about: 'only these files and folders, and stacks that read them', many: true },
  ],
  options: [
    { flags: '--staged', about: 'what the next commit would record, instead of the worktree' },
    { flags: '--since <REV>', about: 'only what changed since the branch left REV' },
    { flags: '--rev <REV>', about: 'a revision instead of the worktree' },
    { flags: '--format <F>', about: 'how to print it (default: human)', choices: formats },
  ],
  examples: [
    { command: 'cfg validate', about: 'everything' },
    {
      command: 'cfg validate --since origin/main --format github',
      about: 'a pull request, with annotations',
    },
    { command: 'cfg validate --rev v1.2.0', about: 'a release' },
  ],
  answer:
    '{valid, files, problems: [{file, line, column, path, rule, severity, message}]}, files the number of configuration files looked at',
  run: async (session, input) => {
    const [since, revision] = [input.text('since'), input.text('rev')];
    const answer = await (
      await session.open()
    ).validate({
      paths: input.operands,
      staged: input.flag('staged'),
      ...(since === undefined ? {} : { since }),
      ...(revision === undefined ? {} : { revision }),
    });
    const text = await rendererOf(input.choice('format', formats), answer);
    return { answer, text, exitCode: answer.valid ? 0 : 1 };
  },
};

async function rendererOf(
  format: (typeof formats)[number] | undefined,
  answer: ValidateAnswer,
): Promise<(style: Parameters<typeof renderProblems>[1]) => string> {
  if (format === 'github') return () => renderAnnotations(answer);
  if (format !== 'json') return (style) => renderProblems(answer, style);
  const { formatJson } = await import('../json.js');
  return () => `${formatJson(answer, 2)}\n`;
}

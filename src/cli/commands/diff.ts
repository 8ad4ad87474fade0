import type { DiffAnswer } from '../../repo/index.js';
import { ConfigError } from '../../errors.js';
import type { CommandSpec } from '../command.js';
import type { Input } from '../input.js';
import { renderDiff } from '../render/diff.js';
import { comparedRevisions, splitRevisions } from '../revisions.js';

export const command: CommandSpec = {
  usage: ['diff [REV [REV]] [--staged] [PATH…] [--text] [--summary] [--exit-code]'],
  about:
    'Shows what changed by key: + added, - removed, ~ another value, type or place. Without a revision: what is not staged; with one: that revision against the worktree; with two (or A..B): against each other; A...B is what B adds since it left A.',
  arguments: [
    { name: 'REV', about: 'a revision, or two' },
    {
      name: 'PATH…',
      about: 'only these files or folders; put -- before one that could be a revision',
      many: true,
    },
  ],
  options: [
    { flags: '--staged', about: 'what the next commit would record' },
    { flags: '--text', about: 'by line instead of by key' },
    { flags: '--summary', about: 'Markdown, for a pull request' },
    { flags: '--exit-code', about: 'exit with 1 when there are differences' },
  ],
  examples: [
    { command: 'cfg diff', about: 'what I changed since the last cfg add' },
    { command: 'cfg diff v1.2.0 HEAD -- services', about: 'what changed in a folder since a release' },
    { command: 'cfg diff origin/main HEAD --summary', about: 'a summary for a pull request' },
  ],
  answer: '{files: [{path, status, from?, changes: [{path, kind, from?, before?, after?}], text?}]}',
  run: async (session, input) => {
    const repo = await session.open();
    const { revisions, rest } = await splitRevisions(repo, input, { cwd: session.cwd, most: 2 });
    const answer = await repo.diff({
      revisions: await comparedRevisions(repo, revisions),
      staged: stagedOnly(input, revisions),
      text: input.flag('text'),
      ...(rest.length === 0 ? {} : { paths: rest }),
    });
    const summary = input.flag('summary') ? await summaryOf(answer) : undefined;
    return {
      answer,
      text: (style) => (summary === undefined ? renderDiff(answer.files, style) : style.block(summary)),
      exitCode: input.flag('exitCode') && answer.files.length > 0 ? 1 : 0,
    };
  },
};

function stagedOnly(input: Input, revisions: readonly string[]): boolean {
  const staged = input.flag('staged');
  if (staged && revisions.length > 0)
    throw new ConfigError('E_USAGE', '--staged takes no revision', { hint: 'cfg diff --staged' });
  return staged;
}

async function summaryOf(answer: DiffAnswer): Promise<string> {
  const { summarize } = await import('../../diff/index.js');
  return summarize(answer.files);
}

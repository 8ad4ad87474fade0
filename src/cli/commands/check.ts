import { ConfigError } from '../../errors.js';
import type { CheckAnswer } from '../../repo/index.js';
import type { CommandSpec } from '../command.js';
import { approvalLines } from '../render/approvals.js';
import { renderConflicts } from '../render/conflicts.js';
import { renderDiff } from '../render/diff.js';
import { problemLine } from '../render/problems/index.js';
import { visible, type Style } from '../render/style.js';
import { firstFew, lines } from '../render/text.js';

export const command: CommandSpec = {
  usage: ['check --into BRANCH [REV]'],
  about:
    'Tells whether a merge of REV into BRANCH would be allowed by the protection of the branch, what is missing and which command supplies it, and what it would do: changes by key, conflicts, and the version bump that they call for. Changes nothing; exits with 1 when the merge would be refused or stop.',
  arguments: [{ name: 'REV', about: 'what would be merged (default: HEAD)' }],
  options: [{ flags: '--into <BRANCH>', about: 'the branch; origin/BRANCH where it is not here' }],
  examples: [
    { command: 'cfg check --into main', about: 'may what I have go to main?' },
    { command: 'cfg check --into release/1.2 hotfix --json', about: 'the same for CI' },
  ],
  answer:
    '{allowed, reasons: [{rule, message, hint}], conflicts: [{file, path, kind, base?, ours?, theirs?}], bump: "major" | "minor" | "patch" | "none" | null, problems: [as in validate], changes: [file as in diff], approvals: [{by, at, message, signature?, counts, discounted?: "author" | "unsigned"}]}, bump null with conflicts',
  run: async (session, input) => {
    const branch = input.text('into');
    if (branch === undefined)
      throw new ConfigError('E_USAGE', "'check' needs --into", { hint: 'cfg check --into main' });
    const revision = input.operands[0] ?? 'HEAD';
    const answer = await (await session.open()).checkMerge(branch, revision);
    return {
      answer,
      text: (style) => render(answer, { ours: branch, theirs: revision }, style),
      exitCode: answer.allowed ? 0 : 1,
    };
  },
};

function render(
  answer: CheckAnswer,
  labels: { readonly ours: string; readonly theirs: string },
  style: Style,
): string {
  const { allowed, reasons, problems, conflicts, bump } = answer;
  const what = `${visible(labels.theirs)} into ${visible(labels.ours)}`;
  const head = allowed
    ? `${style.green('ok')}  ${what}: allowed (version bump: ${bump})`
    : `${style.red('NO')}  ${what}:`;
  const rows = reasons.flatMap(({ rule, message, hint }) => [
    `  ${visible(message)}`,
    ...(rule === 'valid' ? firstFew(problems.map((problem) => `    ${problemLine(problem, style)}`)) : []),
    `    ${visible(hint)}`,
  ]);
  const parts = [lines([head, ...rows]), approved(answer), renderDiff(answer.changes, style)];
  if (conflicts.length > 0) parts.push(renderConflicts(conflicts, labels, { style }));
  return parts.filter((part) => part !== '').join('\n');
}

const whyNot = { author: 'an author of it', unsigned: 'without the signature of an allowed signer' } as const;

function approved({ approvals }: CheckAnswer): string {
  if (approvals.length === 0) return '';
  const rows = approvalLines(approvals).map((line, i) =>
    approvals[i]?.counts === true
      ? line
      : `${line}  (${whyNot[approvals[i]?.discounted ?? 'author']}: does not count)`,
  );
  return lines(['Approved by:', ...rows]);
}

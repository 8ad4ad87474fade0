import type { VerifyAnswer } from '../../repo/index.js';
import type { CommandSpec } from '../command.js';
import { visible, type Style } from '../render/style.js';
import { signatureLine } from '../render/signature.js';
import { lines, short } from '../render/text.js';

export const command: CommandSpec = {
  usage: ['verify TAG [--scope DIR]', 'verify BRANCH [--since REV]'],
  about:
    'Of a tag: computes the digest of its content again and compares, and checks its signature where it has one. Of a branch: checks that every step of its history met its protection rules, whoever made it with whatever tool. Exits with 1 when not.',
  arguments: [{ name: 'TAG | BRANCH', about: 'a version tag, or a branch', required: true }],
  options: [
    { flags: '--since <REV>', about: 'of a branch: only steps after this revision' },
    { flags: '--scope <DIR>', about: 'of a version: the folder that it is of' },
  ],
  examples: [
    { command: 'cfg verify v1.2.0', about: 'is the release what was tagged?' },
    { command: 'cfg verify main --since v1.0.0', about: 'did everyone keep to the rules?' },
  ],
  answer:
    '{tag, digest, ok, signature?} of a tag, {branch, ok, violations: [{commit, rule, message}], warnings?} of a branch',
  run: async (session, input) => {
    const [since, scope] = [input.text('since'), input.text('scope')];
    const answer = await (
      await session.open()
    ).verify(input.operand(0), {
      ...(since === undefined ? {} : { since }),
      ...(scope === undefined ? {} : { scope }),
    });
    const warnings = 'warnings' in answer ? answer.warnings : undefined;
    return {
      answer,
      text: (style) => render(answer, style),
      exitCode: answer.ok ? 0 : 1,
      ...(warnings && { warnings }),
    };
  },
};

function renderTag(answer: Extract<VerifyAnswer, { readonly tag: string }>, style: Style): string {
  const { tag, digest, ok, signature } = answer;
  const isBad = signature?.status === 'bad';
  const head = ok ? style.green('ok') : style.red('FAILED');
  const why = ok || isBad ? '' : ', and that is not what was tagged';
  return lines([
    `${head}  ${visible(tag)}: the content is ${digest}${why}`,
    ...(signature === undefined ? [] : [`  ${signatureLine(signature)}`]),
  ]);
}

function render(answer: VerifyAnswer, style: Style): string {
  if ('tag' in answer) {
    return renderTag(answer, style);
  }
  const branch = visible(answer.branch);
  if (answer.ok) return lines([`${style.green('ok')}  ${branch}: every step met its protection rules`]);
  return lines([
    `${style.red('FAILED')}  ${branch}:`,
    ...answer.violations.map(
      ({ commit, rule, message }) => `  ${short(commit)}  ${visible(rule)}: ${visible(message)}`,
    ),
  ]);
}

import type { ValidateAnswer } from '../../repo/index.js';
import { visible, type Style } from './style.js';
import { count, lines } from './text.js';

type Problem = ValidateAnswer['problems'][number];

/** A line a problem, as compilers print it, so that editors and terminals open the place; then the sum. */
export function renderProblems({ files, problems }: ValidateAnswer, style: Style): string {
  const checked = count(files, 'file');
  if (problems.length === 0) return lines([`${style.green('ok')}  ${checked} checked`]);
  const rows = problems.map((problem) => {
    const { file, line, column, severity, message, rule } = problem;
    const kind = severity === 'error' ? style.red(severity) : style.yellow(severity);
    return `${visible(`${file}:${line}:${column}`)}: ${kind}: ${visible(message)} ${style.dim(`(${rule})`)}`;
  });
  return lines([...rows, `${count(problems.length, 'problem')} (${checked} checked)`]);
}

/** Workflow commands, which GitHub shows beside the lines of a pull request. */
export function renderAnnotations({ problems }: ValidateAnswer): string {
  return lines(problems.map(annotation));
}

function annotation({ file, line, column, severity, rule, message }: Problem): string {
  const properties = Object.entries({ file, line: String(line), col: String(column), title: rule });
  return `::${severity} ${properties.map(([name, value]) => `${name}=${property(value)}`).join(',')}::${data(message)}`;
}

/** actions/toolkit: packages/core/src/command.ts escapeData */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** actions/toolkit: packages/core/src/command.ts escapeProperty */
function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

import type { PlainProblem, ValidateAnswer } from '../../../repo/index.js';
import { visible } from '../style.js';
import { count, lines } from '../text.js';
import { relatedPlaces } from './related.js';

/** GitHub shows no more annotations of a kind than this for one step (github.com/actions/toolkit, docs/problem-matchers.md). */
const maxAnnotations = 10;

/** Where GitHub looks at the repository. */
export interface GithubPlace {
  /** The way from GitHub's workspace to the root of the repository: empty, or a path that ends in `/`. */
  readonly prefix: string;
}

/** What goes to the log of a step, and to its summary. */
export interface GithubReport {
  readonly log: string;
  /** Markdown of everything; empty when the log has it all as annotations. */
  readonly summary: string;
}

/**
 * Problems as workflow commands, which GitHub shows beside the lines of a pull request: errors first, ten of each kind. The others stand in the
 * log as plain lines, and all of them in the summary of the step.
 */
export function renderGithub(answer: ValidateAnswer, { prefix }: GithubPlace): GithubReport {
  const of = (wanted: PlainProblem['severity']): readonly PlainProblem[] =>
    answer.problems.filter(({ severity }) => severity === wanted);
  const [errors, warnings] = [of('error'), of('warning')];
  const shown = [...errors.slice(0, maxAnnotations), ...warnings.slice(0, maxAnnotations)];
  const rest = [...errors.slice(maxAnnotations), ...warnings.slice(maxAnnotations)];
  const log = [
    ...shown.map((problem) => annotation(problem, prefix)),
    ...rest.map((problem) => plainLine(problem)),
    totals(answer),
  ];
  return { log: lines(log), summary: rest.length === 0 ? '' : summary(answer, [...errors, ...warnings]) };
}

function totals({ problems, files }: ValidateAnswer): string {
  return problems.length === 0
    ? `${count(files, 'file')} checked`
    : `${count(problems.length, 'problem')} (${count(files, 'file')} checked)`;
}

/** A line that begins with `::` would be a command. */
function plainLine(problem: PlainProblem): string {
  const { file, line, column, severity, message, rule } = problem;
  const told = [message, ...relatedPlaces(problem)].join('; ');
  return visible(`${severity}: ${file}:${line}:${column}: ${told} (${rule})`);
}

/** Columns count only within one line (docs.github.com: workflow commands). */
function annotation(problem: PlainProblem, prefix: string): string {
  const { file, line, column, endLine = line, endColumn, severity, rule, message } = problem;
  const told = [message, ...relatedPlaces(problem)].join('\n');
  const properties = {
    file: prefix + file,
    line: String(line),
    endLine: String(endLine),
    col: String(column),
    ...(endLine === line && endColumn !== undefined && { endColumn: String(endColumn) }),
    title: rule,
  };
  const text = Object.entries(properties).map(([name, value]) => `${name}=${property(value)}`);
  return `::${severity} ${text.join(',')}::${data(told)}`;
}

/** actions/toolkit: packages/core/src/command.ts escapeData */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** actions/toolkit: packages/core/src/command.ts escapeProperty */
function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/** Bytes; GitHub drops a step summary of more than 1 MiB (docs.github.com: "Step isolation and limits"). */
const maxSummary = 1_000_000;

function summary(answer: ValidateAnswer, problems: readonly PlainProblem[]): string {
  const rows: string[] = [];
  let room = maxSummary;
  for (const problem of problems) {
    const row = summaryRow(problem);
    room -= Buffer.byteLength(row) + 1;
    if (room < 0) break;
    rows.push(row);
  }
  const left = problems.length - rows.length;
  const more = left > 0 ? ['', `… and ${left} more`] : [];
  const head = ['| severity | place | message | rule |', '| --- | --- | --- | --- |'];
  return lines([`### cfg validate: ${totals(answer)}`, '', ...head, ...rows, ...more]);
}

function summaryRow(problem: PlainProblem): string {
  const { severity, file, line, column, message, rule } = problem;
  const told = [message, ...relatedPlaces(problem)].join('; ');
  return `| ${severity} | ${cell(`${file}:${line}:${column}`)} | ${cell(told)} | ${cell(rule)} |`;
}

function cell(text: string): string {
  return visible(text).replace(/[\\`*_{}[\]<>|#~&]/g, '\\$&');
}

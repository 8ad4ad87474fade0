import type { Diagnostic } from '../doc/index.js';
import type { RepoPath } from '../store/index.js';
import type { Problem } from './problems.js';
import { beginning } from './schemas.js';

const maxProblems = 100;

/** One text may break a rule in thousands of places: errors first, and the rest counted. */
export function capped(file: RepoPath, problems: readonly Problem[]): readonly Problem[] {
  if (problems.length <= maxProblems) return problems;
  const counts = problems.filter(isCount);
  const single = problems.filter((problem) => !isCount(problem));
  const ranked = [...single.filter(isError), ...single.filter((problem) => !isError(problem))];
  const hidden = counts.reduce((sum, { message }) => sum + Number.parseInt(message, 10), 0);
  const more = ranked.length - maxProblems + hidden;
  if (more <= 0) return problems;
  const message = `${more} more problems are not shown`;
  const last: Diagnostic = { rule: 'too-many', severity: 'warning', message, range: beginning };
  return [
    ...ranked.slice(0, maxProblems),
    { file, ...last, range: ranked[maxProblems - 1]?.range ?? beginning },
  ];
}

function isError({ severity }: Problem): boolean {
  return severity === 'error';
}

function isCount({ rule }: Problem): boolean {
  return rule === 'too-many' || rule === 'schema-too-many';
}

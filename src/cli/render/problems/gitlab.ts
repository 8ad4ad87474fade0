import type { PlainProblem, ValidateAnswer } from '../../../repo/index.js';
import { formatJson } from '../../json.js';
import { fingerprints } from './fingerprint.js';
import { relatedPlaces } from './related.js';

/** Problems as GitLab's Code Quality report (docs.gitlab.com: "Code Quality report format"). */
export function renderGitlab({ problems }: ValidateAnswer): string {
  const ids = fingerprints(problems);
  return `${formatJson(
    problems.map((problem, index) => issue(problem, ids[index] ?? '')),
    2,
  )}\n`;
}

function issue(problem: PlainProblem, id: string): object {
  const { file, line, endLine = line, rule, severity, message } = problem;
  return {
    description: [message, ...relatedPlaces(problem)].join('; '),
    check_name: rule,
    fingerprint: id,
    severity: severity === 'error' ? 'major' : 'minor',
    location: { path: file, lines: { begin: line, end: endLine } },
  };
}

import { appendFileSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { ConfigError } from '../errors.js';
import type { ValidateAnswer } from '../repo/index.js';
import type { Io } from './io.js';
import { renderGithub } from './render/problems/index.js';

/** Whether this runs as a step of GitHub Actions (docs.github.com: "Variables reference"). */
export function inWorkflow(env: Io['env']): boolean {
  return env['GITHUB_ACTIONS'] === 'true';
}

/** The log of the step; what does not fit into annotations goes into its summary. Throws E_IO. */
export function reportToGithub(answer: ValidateAnswer, { env }: Io, root: string | undefined): string {
  const { log, summary } = renderGithub(answer, { prefix: prefixOf(env['GITHUB_WORKSPACE'], root) });
  const file = env['GITHUB_STEP_SUMMARY'] ?? '';
  if (summary !== '' && file !== '') appendSummary(file, summary);
  return log;
}

function appendSummary(file: string, text: string): void {
  try {
    appendFileSync(file, text);
  } catch (cause) {
    throw new ConfigError('E_IO', `cannot write the step summary '${file}'`, {
      hint: 'unset GITHUB_STEP_SUMMARY, or make it writable',
      cause,
    });
  }
}

/** Annotations name files from the workspace, which may hold the repository in a folder. */
function prefixOf(workspace: string | undefined, root: string | undefined): string {
  if (workspace === undefined || workspace === '' || root === undefined) return '';
  const inside = relative(workspace, root).split(sep).join('/');
  return inside === '' || inside.startsWith('..') ? '' : `${inside}/`;
}

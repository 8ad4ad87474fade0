import type { ValidateAnswer, ValidateOptions } from '../../repo/index.js';
import { ConfigError } from '../../errors.js';
import type { CommandSpec, Outcome } from '../command.js';
import type { Input } from '../input.js';
import type { Io } from '../io.js';
import { inWorkflow, reportToGithub } from '../github.js';
import type { Session } from '../session.js';
import { programVersion } from '../version.js';

const formats = ['human', 'json', 'github', 'sarif', 'junit', 'gitlab'] as const;
type Format = (typeof formats)[number];

export const command: CommandSpec = {
  usage: [
    'validate [PATH…] [--staged | --since REV | --rev REV] [--all] [--strict] [--watch] [--format human|json|github|sarif|junit|gitlab]',
  ],
  about:
    'Checks that configuration files parse and satisfy their schemas, that stacks load in every combination of their matrix, and that nothing looks like a mistake (docs/validation.md). Exits with 1 when something is wrong, and with 4 when cfg could not look (no such path, no repository); warnings alone are fine. Each problem is at file:line:column. Inside of GitHub Actions the format is github.',
  arguments: [
    { name: 'PATH…', about: 'only these files and folders, and stacks that read them', many: true },
  ],
  options: [
    { flags: '--staged', about: 'what the next commit would record, instead of the worktree' },
    {
      flags: '--since <REV>',
      about: 'only what changed since the branch left REV, and what depends on it',
    },
    { flags: '--rev <REV>', about: 'a revision instead of the worktree' },
    { flags: '--all', about: 'every file and stack (the default without --staged)' },
    { flags: '--strict', about: 'exit with 1 for warnings too' },
    { flags: '--watch', about: 'again with each change, until Ctrl-C (exit code 130)' },
    { flags: '--format <F>', about: 'how to print it (default: human)', choices: formats },
  ],
  examples: [
    { command: 'cfg validate', about: 'everything' },
    {
      command: 'cfg validate --since origin/main --format github',
      about: 'a pull request, with annotations',
    },
    { command: 'cfg validate --format sarif > cfg.sarif', about: 'for code scanning' },
    { command: 'cfg validate --rev v1.2.0', about: 'a release' },
    { command: 'cfg validate --watch', about: 'beside an editor' },
  ],
  answer:
    '{valid, files, problems: [{file, line, column, endLine?, endColumn?, path, rule, severity, message, related?: [{file, line, column, message}]}]}, files the number of configuration files looked at; with --watch one line of JSON for each answer that is another than the one before',
  run: async (session, input) => {
    const repo = await session.open();
    const format = input.choice('format', formats) ?? defaultFormat(session);
    if (input.flag('watch')) return watching(session, input, format);
    const answer = await repo.validate({ ...optionsOf(input), details: needsDetails(format, session) });
    const text = await rendererOf(format, answer, { io: session.io, root: repo.root });
    const fails = !answer.valid || (input.flag('strict') && answer.problems.length > 0);
    const confirmation = format === 'human' && answer.problems.length === 0;
    return { answer, text, exitCode: fails ? 1 : 0, confirmation };
  },
};

/** Prints each answer that differs from the one before, until it is interrupted or nobody reads any more. */
async function watching(session: Session, input: Input, format: Format): Promise<Outcome> {
  const repo = await session.open();
  requireWatchable(input, format, repo.root);
  const { io, json, color } = session;
  const [{ watchRounds }, { formatJson }, { styleFor }] = await Promise.all([
    import('../watch/validation.js'),
    import('../json.js'),
    import('../render/style.js'),
  ]);
  const style = styleFor(io.stdout, io.env, color);
  const ending = new AbortController();
  const release = io.onInterrupt?.(async () => ending.abort());
  const printed = { answer: undefined, text: (): string => '', printed: true };
  try {
    await watchRounds({
      dir: repo.root ?? session.cwd,
      signal: ending.signal,
      look: async () => {
        const answer = await repo.validate({ ...optionsOf(input), details: needsDetails(format, session) });
        return { answer, render: await rendererOf(format, answer, { io, root: repo.root }) };
      },
      onAnswer: ({ answer, render }) => {
        const time = io.now().toTimeString().slice(0, 8);
        io.stdout.write(json || format === 'json' ? `${formatJson(answer)}\n` : `${time}\n${render(style)}`);
        if (io.stdout.closed === true) ending.abort();
      },
    });
  } finally {
    release?.();
  }
  return printed;
}

function requireWatchable(input: Input, format: Format, root: string | undefined): void {
  if (input.text('rev') !== undefined || root === undefined)
    throw new ConfigError('E_USAGE', '--watch follows the files of a worktree', {
      hint: 'cfg validate --watch',
    });
  if (format === 'human' || format === 'json') return;
  throw new ConfigError('E_USAGE', `--watch prints text or JSON, not ${format}`, {
    hint: 'cfg validate --watch --format human',
  });
}

function optionsOf(input: Input): ValidateOptions {
  const [since, revision] = [input.text('since'), input.text('rev')];
  if (input.flag('all') && (input.operands.length > 0 || since !== undefined))
    throw new ConfigError('E_USAGE', '--all goes with neither paths nor --since', {
      hint: 'cfg validate --all',
    });
  return {
    paths: input.operands,
    staged: input.flag('staged'),
    all: input.flag('all'),
    ...(since === undefined ? {} : { since }),
    ...(revision === undefined ? {} : { revision }),
  };
}

/** `--json` prints the answer whatever the format is. */
function defaultFormat({ io }: Session): Format {
  return inWorkflow(io.env) ? 'github' : 'human';
}

/** The list of files for JUnit, the lines of the source for people. */
function needsDetails(format: Format, { io }: Session): boolean {
  return format === 'junit' || (format === 'human' && io.stdout.isTTY);
}

async function rendererOf(
  format: Format,
  answer: ValidateAnswer,
  { io, root }: { readonly io: Io; readonly root: string | undefined },
): Promise<Outcome['text']> {
  const [render, { formatJson }, { aboutRule }] = await Promise.all([
    import('../render/problems/index.js'),
    import('../json.js'),
    import('../../lint/index.js'),
  ]);
  const renderers: Readonly<Record<Format, Outcome['text']>> = {
    human: (style) => render.renderProblems(answer, style),
    json: () => `${formatJson(answer, 2)}\n`,
    github: () => reportToGithub(answer, io, root),
    sarif: () => render.renderSarif(answer, { version: programVersion(), about: aboutRule }),
    junit: () => render.renderJunit(answer),
    gitlab: () => render.renderGitlab(answer),
  };
  return renderers[format];
}

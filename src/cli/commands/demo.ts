import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConfigError } from '../../errors.js';
import type { CommandSpec } from '../command.js';
import { runTour, type StepResult } from '../demo/tour.js';
import { packageRoot } from '../installed.js';
import type { ColorWhen } from '../globals.js';
import type { Io } from '../io.js';
import { visible, type Style } from '../render/style.js';
import { lines } from '../render/text.js';

const sample = fileURLToPath(new URL('fixtures/shop', packageRoot));

export const command: CommandSpec = {
  usage: ['demo [--dir DIR]'],
  about:
    'Copies a sample repository into a new folder and runs the main job on it, command by command, with the real output of each. The folder stays, for you to play with.',
  arguments: [],
  options: [
    { flags: '--dir <DIR>', about: 'the folder, new or empty (default: one in the temporary folder)' },
  ],
  examples: [
    { command: 'cfg demo', about: 'the tour' },
    { command: 'cfg demo --dir shop', about: 'the tour in a folder of my choice' },
  ],
  answer: '{dir, ok, steps: [{command, notice, exitCode, stdout, stderr, ok}]}',
  run: async ({ io, cwd, color, run }, input) => {
    const dir = copySample(input.text('dir'), cwd);
    const steps = await runTour(tourIo(io, { dir, color }), run);
    const ok = steps.every((step) => step.ok);
    return {
      answer: { dir, ok, steps },
      text: (style) => render(dir, steps, style),
      exitCode: ok ? 0 : 1,
    };
  },
};

function copySample(typed: string | undefined, cwd: string): string {
  if (!existsSync(sample))
    throw new ConfigError('E_IO', 'the sample repository is missing from this installation', {
      hint: 'install cfgit again',
    });
  try {
    const dir =
      typed === undefined
        ? mkdtempSync(join(realpathSync(tmpdir()), 'cfg-demo-'))
        : emptyFolder(resolve(cwd, typed));
    cpSync(sample, dir, { recursive: true });
    // npm leaves such files out of packages.
    if (!existsSync(join(dir, '.gitignore'))) writeFileSync(join(dir, '.gitignore'), 'local.yaml\n');
    return dir;
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError('E_IO', `cannot copy the sample repository to '${typed ?? tmpdir()}'`, {
      cause: error,
    });
  }
}

function emptyFolder(dir: string): string {
  mkdirSync(dir, { recursive: true });
  if (readdirSync(dir).length > 0)
    throw new ConfigError('E_EXISTS', `folder '${dir}' is not empty`, {
      hint: 'give --dir a new or empty folder',
    });
  return realpathSync(dir);
}

/** The caller's surroundings in the folder of the tour: another author, and nothing of an outer repository or of the sample's variables. */
function tourIo(io: Io, { dir, color }: { readonly dir: string; readonly color: ColorWhen }): Io {
  const outer = /^(GIT_(DIR|WORK_TREE|INDEX_FILE|COMMON_DIR|OBJECT_DIRECTORY|NAMESPACE)$|SHOP_)/;
  const kept = Object.entries(io.env).filter(([name]) => !outer.test(name));
  const person = { NAME: 'cfg demo', EMAIL: 'demo@shop.example' };
  return {
    ...io,
    cwd: dir,
    env: {
      ...Object.fromEntries(kept),
      ...(color === 'never' && { NO_COLOR: '1' }),
      GIT_AUTHOR_NAME: person.NAME,
      GIT_AUTHOR_EMAIL: person.EMAIL,
      GIT_COMMITTER_NAME: person.NAME,
      GIT_COMMITTER_EMAIL: person.EMAIL,
    },
  };
}

function render(dir: string, steps: readonly StepResult[], style: Style): string {
  const failed = steps.find(({ ok }) => !ok);
  const end =
    failed === undefined
      ? [
          `The repository is in ${visible(dir)}. Go there and try:`,
          '  cfg log --key "**.pool.*"      what happened to the pools',
          '  cfg diff v1.0.0 v1.1.0         what the release changed',
          '  cfg explain app.log_level -e staging',
        ]
      : [
          `${style.red('The tour stopped')}: '${visible(failed.command)}' did not do what it should; the repository is in ${visible(dir)}`,
        ];
  return lines([
    `A copy of the sample repository is in ${visible(dir)}`,
    '',
    ...steps.flatMap((step) => renderStep(step, style)),
    ...end,
  ]);
}

function renderStep({ command: typed, notice, stdout, stderr }: StepResult, style: Style): string[] {
  const output = (stdout + stderr).replace(/\n$/, '');
  return [style.bold(`$ ${typed}`), ...(output === '' ? [] : [output]), style.dim(`# ${notice}`), ''];
}

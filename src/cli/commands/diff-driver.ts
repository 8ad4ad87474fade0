import { resolve } from 'node:path';
import { ConfigError } from '../../errors.js';
import type { ChangedFile, FileDiff } from '../../repo/index.js';
import type { CommandSpec, Outcome } from '../command.js';
import { formatJson } from '../json.js';
import { readBytes } from '../read-bytes.js';
import { renderDiff } from '../render/diff.js';
import { visible } from '../render/style.js';
import { lines } from '../render/text.js';

export const command: CommandSpec = {
  usage: [
    'diff-driver PATH OLD OLD-ID OLD-MODE NEW NEW-ID NEW-MODE [NEW-PATH INFO]',
    'diff-driver --textconv FILE',
  ],
  about:
    'Shows the changes of a file by key, as an external diff of Git; changes that no key shows (comments, layout) by line. Git calls it; cfg hooks install sets that up. With --textconv prints a file as one line a key.',
  arguments: [{ name: 'WORD…', about: 'what Git passes to an external diff', required: true, many: true }],
  options: [{ flags: '--textconv', about: 'print FILE as one line a key, for diff.cfg.textconv' }],
  examples: [
    {
      command: 'cfg diff-driver a.yaml old.yaml 0000000 100644 new.yaml 0000000 100644',
      about: 'as Git calls it',
    },
    { command: 'cfg diff-driver --textconv services/api.yaml', about: 'every key with its value' },
  ],
  answer:
    '{path, status, from?, changes: [{path, kind, from?, before?, after?}], text?}; with --textconv {keys: [{path, value}]}',
  run: async (session, input) => {
    const { operands } = input;
    if (input.flag('textconv')) {
      if (operands.length === 1) return textconv(resolve(session.cwd, input.operand(0)));
      throw new ConfigError('E_USAGE', '--textconv takes one file');
    }
    if (operands.length !== 7 && operands.length !== 9)
      throw new ConfigError(
        'E_USAGE',
        `Git passes 7 or 9 words to an external diff, not ${operands.length}`,
        {
          hint: 'to compare files: cfg diff',
        },
      );
    return externalDiff(operands, session.cwd);
  },
};

async function externalDiff(words: readonly string[], cwd: string): Promise<Outcome> {
  const { compareFile } = await import('../../repo/index.js');
  const file = changedFile(words, cwd);
  const byKey = await compareFile(file);
  const isOnlyRenamed = file.from !== undefined && sameContent(file);
  const answer: FileDiff =
    byKey.changes.length > 0 || isOnlyRenamed ? byKey : await compareFile(file, { text: true });
  return { answer, text: (style) => renderDiff([answer], style) };
}

function sameContent({ before, after }: ChangedFile): boolean {
  return before !== undefined && after !== undefined && Buffer.compare(before.data, after.data) === 0;
}

/** git: Documentation/git, GIT_EXTERNAL_DIFF. A missing side is `/dev/null` with `.` for its id and mode. */
function changedFile(words: readonly string[], cwd: string): ChangedFile {
  const [path = '', old = '', , oldMode = '.', now = '', , newMode = '.', newPath = path] = words;
  const before = versionOf(resolve(cwd, old), oldMode);
  const after = versionOf(resolve(cwd, now), newMode);
  const status = before === undefined ? 'added' : after === undefined ? 'deleted' : 'modified';
  return {
    path: newPath,
    status: newPath === path ? status : 'renamed',
    ...(newPath !== path && { from: path }),
    ...(before && { before }),
    ...(after && { after }),
  };
}

const modes = ['100644', '100755', '120000', '160000'] as const;

function versionOf(file: string, mode: string): ChangedFile['before'] {
  const known = modes.find((one) => one === mode);
  return known && { mode: known, data: readBytes(file) };
}

async function textconv(file: string): Promise<Outcome> {
  const { formatKeyPath, leaves, parseDocument } = await import('../../doc/index.js');
  const text = Buffer.from(readBytes(file)).toString('utf8');
  const document = parseDocument(text, { path: file });
  if (!document.valid) return { answer: { keys: [] }, text: () => text };
  const keys = leaves(document).map(({ path, value }) => ({ path: formatKeyPath(path), value }));
  return {
    answer: { keys },
    text: () => lines(keys.map(({ path, value }) => `${visible(path)} = ${visible(formatJson(value))}`)),
  };
}

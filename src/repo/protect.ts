import { ConfigError } from '../errors.js';
import {
  getValue,
  hasPath,
  isMap,
  parseDocument,
  setValue,
  unsetValue,
  type ConfigDocument,
} from '../doc/index.js';
import { protectionOf } from '../policy/index.js';
import { parseSettings } from '../settings/index.js';
import { checkedOut, type RepositoryContext } from './context.js';
import type { ProtectOptions } from './repository.js';
import { settingsPath } from './settings.js';
import { decodeText, encodeText } from './text.js';
import type { ProtectAnswer } from './types.js';

/**
 * Writes the protection of the branches that a pattern matches into `cfg.yaml`, comments and layout kept, and stages the file. The rule
 * holds for a branch from the commit on that brings it there. Throws E_SETTINGS (`cfg.yaml` is broken), E_USAGE.
 */
export async function protect(context: RepositoryContext, options: ProtectOptions): Promise<ProtectAnswer> {
  const { pattern, level, approvals } = options;
  if (approvals !== undefined && level !== 'strict')
    throw new ConfigError('E_USAGE', `only 'strict' asks for approvals, not '${level}'`, {
      hint: `cfg protect ${pattern} strict --approvals ${approvals}`,
    });
  if (pattern.trim() === '')
    throw new ConfigError('E_USAGE', 'an empty pattern names no branch', {
      hint: `cfg protect main ${level}`,
    });
  const { worktree } = checkedOut(context, 'change cfg.yaml');
  const file = await worktree.read(settingsPath);
  const text = file === undefined ? 'version: 1\n' : decodeText(file.data, settingsPath);
  parseSettings(text);
  const edited = withRule(parseDocument(text, { path: settingsPath }), options);
  const { branches } = parseSettings(edited.text);
  requireReached(pattern, protectionOf(pattern, branches).pattern);
  if (edited.text !== text || file === undefined) await worktree.write(settingsPath, encodeText(edited.text));
  await worktree.stage([settingsPath]);
  const rule = branches.find((one) => one.pattern === pattern);
  return { pattern, level, approvals: rule?.approvals ?? 0 };
}

function withRule(document: ConfigDocument, { pattern, level, approvals }: ProtectOptions): ConfigDocument {
  const rule = ['branches', pattern];
  const number = [...rule, 'approvals'];
  const isNew = !hasPath(document, rule);
  if (isNew && approvals === undefined) return setValue(document, rule, { protection: level });
  if (isNew && approvals !== undefined) return setValue(document, rule, { protection: level, approvals });
  const changed = setValue(document, [...rule, 'protection'], level);
  if (approvals !== undefined)
    return setValue(changed, isMap(getValue(changed, number)) ? [...number, 'count'] : number, approvals);
  const useless = [
    ...(level === 'strict' ? [] : [number]),
    ...(level === 'none' ? [[...rule, 'signed']] : []),
  ];
  return useless.reduce((text, path) => (hasPath(text, path) ? unsetValue(text, path) : text), changed);
}

/** First match wins: a rule below one that takes all its branches would say nothing. */
function requireReached(pattern: string, winner: string | undefined): void {
  if (winner === undefined || winner === pattern) return;
  throw new ConfigError(
    'E_USAGE',
    `the rule '${winner}' comes first in cfg.yaml and decides for '${pattern}'`,
    {
      hint: `write '${pattern}' above '${winner}' in cfg.yaml: the first match wins`,
    },
  );
}

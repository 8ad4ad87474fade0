import { ConfigError, shellWord } from '../errors.js';
import {
  getValue,
  hasPath,
  isMap,
  parseDocument,
  setValue,
  unsetValue,
  type ConfigDocument,
  type ConfigObject,
  type ConfigValue,
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
  const { pattern, level } = options;
  requireMeaning(options);
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
  const { approvals, signed, signedApprovals } = protectionOf(pattern, branches);
  return {
    pattern,
    level,
    approvals,
    ...(signedApprovals && { signedApprovals }),
    ...(signed && { signed }),
  };
}

/** A demand that the level does not make would be written for nothing. */
function requireMeaning({ pattern, level, approvals, signedApprovals, signed }: ProtectOptions): void {
  if (level !== 'strict' && (approvals !== undefined || signedApprovals === true))
    throw new ConfigError('E_USAGE', `only 'strict' asks for approvals, not '${level}'`, {
      hint: `cfg protect ${shellWord(pattern)} strict --approvals ${approvals ?? 1}`,
    });
  if (level === 'none' && signed === true)
    throw new ConfigError('E_USAGE', "'none' demands nothing, and no signatures", {
      hint: `cfg protect ${shellWord(pattern)} basic --signed`,
    });
}

function withRule(document: ConfigDocument, options: ProtectOptions): ConfigDocument {
  const rule = ['branches', options.pattern];
  const fields = fieldsOf(options, getValue(document, [...rule, 'approvals']));
  if (!hasPath(document, rule)) {
    const given = fields.flatMap(([[name], value]) => (value === undefined ? [] : [[name, value] as const]));
    return setValue(document, rule, Object.fromEntries(given));
  }
  return fields.reduce((edited, [path, value]) => {
    const field = [...rule, ...path];
    if (value !== undefined) return setValue(edited, field, value);
    return hasPath(edited, field) ? unsetValue(edited, field) : edited;
  }, document);
}

/** A field of a rule by its path there; undefined takes it away. What is not named stays. */
type Field = readonly [path: readonly [string, ...string[]], value: ConfigValue | undefined];

function fieldsOf(options: ProtectOptions, approvals: ConfigValue | undefined): readonly Field[] {
  const { level, signed } = options;
  const demand = level === 'none' ? false : signed;
  return [
    [['protection'], level],
    ...(level === 'strict' ? approvalFields(options, approvals) : [[['approvals'], undefined] as const]),
    ...(demand === undefined ? [] : [[['signed'], demand ? true : undefined] as const]),
  ];
}

/** They are a number, or `{count, signed}`. */
function approvalFields(
  { approvals: count, signedApprovals: signed }: ProtectOptions,
  now: ConfigValue | undefined,
): readonly Field[] {
  if (isMap(now))
    return [
      ...(count === undefined ? [] : [[['approvals', 'count'], count] as const]),
      ...(signed === undefined ? [] : [signingField(now, { count, signed })]),
    ];
  if (signed === true) return [[['approvals'], { count: count ?? now ?? 1, signed }]];
  return count === undefined ? [] : [[['approvals'], count]];
}

/** Taken away with the map where nothing else is in it: the default holds without it. */
function signingField(
  now: ConfigObject,
  { count, signed }: { readonly count: number | undefined; readonly signed: boolean },
): Field {
  if (signed) return [['approvals', 'signed'], signed];
  const isAlone = count === undefined && Object.keys(now).every((name) => name === 'signed');
  return [isAlone ? ['approvals'] : ['approvals', 'signed'], undefined];
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

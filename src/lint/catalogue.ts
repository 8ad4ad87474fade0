import type { Severity } from '../doc/index.js';

/** What a rule does where `cfg.yaml` says nothing: `off`, or the severity of what it finds. */
export type RuleLevel = 'off' | Severity;

interface RuleSpec {
  /** One sentence: what is found, and why it matters. */
  readonly about: string;
  /** Of rules that can be switched; the others are always errors, because the file then has no value. */
  readonly level?: RuleLevel;
}

/** Every rule that is not a keyword of a schema, with a page in `docs/rules.md`. */
const specs: Readonly<Record<string, RuleSpec>> = {
  'ambiguous-key': {
    about: 'Two keys of a YAML map differ in type only (1 and "1"), so that most readers keep just one.',
    level: 'warning',
  },
  'byte-order-mark': {
    about: 'The file begins with a byte order mark, which many readers take for part of the first key.',
    level: 'warning',
  },
  'case-collision': {
    about: 'Two keys of a map, or two paths, differ in upper and lower case only.',
    level: 'warning',
  },
  comment: { about: 'A comment in a file that its readers parse as plain JSON.' },
  'conflict-markers': { about: 'A merge was not finished in this file.' },
  deprecated: { about: 'The schema says that this key should no longer be used.', level: 'warning' },
  'duplicate-key': { about: 'A map has a key twice, and readers disagree on which one counts.' },
  encoding: { about: 'The file is not UTF-8 text.' },
  'imprecise-number': {
    about: 'A number has more digits than a double holds: most readers change it silently.',
    level: 'warning',
  },
  'layer-map': { about: 'A layer of a stack has to be one map.' },
  'mixed-line-endings': {
    about: 'Some lines end in CRLF and some in LF; a block scalar then has both in its value.',
    level: 'warning',
  },
  'nested-settings': {
    about: 'A cfg.yaml in a folder is not in force: only the one at the root of the repository is.',
    level: 'warning',
  },
  'plain-secret': {
    about:
      'A value looks like a password, a token or a private key in plain text; history keeps it for ever.',
    level: 'warning',
  },
  'recursive-alias': { about: 'A YAML alias stands inside of what it stands for.' },
  reference: { about: 'A path names a file or a key that does not exist in the repository.' },
  schema: { about: 'The schema of the file cannot be used.' },
  settings: { about: 'cfg.yaml says something that cfg does not know.' },
  stack: { about: 'A stack does not load.' },
  syntax: { about: 'The file does not parse.' },
  'tab-indentation': { about: 'YAML lines are indented with tabs, which YAML forbids.' },
  template: { about: 'The file is a template, of which only the outcome is YAML.' },
  'too-deep': { about: 'Collections are nested deeper than cfg reads.' },
  'too-large': { about: 'The file, or what its aliases expand to, is larger than cfg reads.' },
  'too-many': { about: 'A file has more problems than anyone reads; the rest are counted.' },
  'trailing-comma': { about: 'A comma before the closing bracket, which plain JSON does not allow.' },
  'trailing-content': { about: 'Something follows the value of a JSON file.' },
  'unknown-tag': {
    about: 'A YAML tag that cfg does not know; the value is read as if it had none.',
    level: 'warning',
  },
  'unresolved-alias': { about: 'A YAML alias without an anchor before it.' },
  unsupported: { about: 'cfg cannot take the file apart.' },
  'yaml-boolean': {
    about: 'yes, no, on or off without quotes: a boolean for YAML 1.1 readers, a string for YAML 1.2 ones.',
    level: 'warning',
  },
  'yaml-number': {
    about: 'A number that YAML 1.1 and 1.2 readers take for different values: 010, 1_000, 22:30.',
    level: 'warning',
  },
};

/** The rules that settings can switch, sorted. */
export const switchableRules: readonly string[] = Object.keys(specs).filter(
  (id) => specs[id]?.level !== undefined,
);

/** What a rule does by default; undefined for one that is always an error, or unknown. */
export function defaultLevel(rule: string): RuleLevel | undefined {
  return Object.hasOwn(specs, rule) ? specs[rule]?.level : undefined;
}

/** Whether there is a rule of this id. */
export function isRule(rule: string): boolean {
  return Object.hasOwn(specs, rule);
}

/** One sentence about a rule. */
export function aboutRule(rule: string): string {
  if (Object.hasOwn(specs, rule)) return specs[rule]?.about ?? rule;
  return `The value does not satisfy '${rule.replace(/^schema-/, '')}' of its JSON Schema.`;
}

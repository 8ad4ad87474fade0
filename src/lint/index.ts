/** Rules about documents that no schema states: traps of the formats, secrets in plain text, names that collide. Pure. */
export { aboutRule, defaultLevel, isRule, switchableRules, type RuleLevel } from './catalogue.js';
export { caseCollisions } from './key-rules.js';
export { lintDocument } from './lint.js';
export { isSecretPath, maskLine, maskSecrets, secretKind } from './secrets.js';

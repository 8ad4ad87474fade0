/** Runs the code of a schema (code.ts), with what it calls. The engine that made the code is not needed for it. */
import type { ValidateFunction } from 'ajv';
import { fullFormats } from 'ajv-formats/dist/formats.js';
import { hasNoTwins, isSame } from './equal.js';
import { isMultiple } from './multiple-of.js';
import type { Notes } from './notes.js';
import { linearRegExp } from './pattern.js';

/** What the engine's own keywords load, by the names that they use. */
const modules: Readonly<Record<string, unknown>> = {
  'ajv/dist/runtime/equal': { default: isSame },
  'ajv/dist/runtime/ucs2length': { default: countCharacters },
};

/** Characters of Unicode, of which some are two units of JavaScript. */
function countCharacters(text: string): number {
  return text.length - (text.match(/[\uD800-\uDBFF][\uDC00-\uDFFF]/g)?.length ?? 0);
}

/** The check that code describes; what it notes goes into `notes`. */
export function runCode(code: string, notes: Notes): ValidateFunction {
  const module: { exports?: ValidateFunction } = {};
  const runtime = { formats: fullFormats, isMultiple, hasNoTwins, notes };
  // oxlint-disable-next-line typescript/no-implied-eval -- a schema is compiled to code, which nobody but the engine writes
  new Function('module', 'require', 'runtime', 'linearRegExp', code)(
    module,
    (name: string) => modules[name],
    runtime,
    linearRegExp,
  );
  if (module.exports === undefined) throw new Error('the code of the schema exports nothing');
  return module.exports;
}

/** JSON Schema: documents and values against schemas of the repository. Pure and synchronous. */
export type { CompiledSchema, SchemaProblem } from './types.js';
export { compileSchema } from './compile.js';
export { validateDocument, validateValue } from './validate.js';

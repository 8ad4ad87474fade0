/** JSON Schema: documents and values against schemas of the repository. Pure and synchronous. */
export type { CompiledSchema, SchemaCode, SchemaProblem } from './types.js';
export { compileSchema } from './compile.js';
export { validateDocument, type DocumentFindings, type DocumentReference } from './validate.js';
export { inferSchema } from './infer.js';
export { collectSchemas, type SchemaFile } from './references.js';
export { declarationOf } from './declaration.js';

/** Checks texts as `cfg validate` does, in a thread that can be ended when it does not answer. */
import { parentPort } from 'node:worker_threads';
import { parseDocument, printTree, valueOf, type Format } from '../../src/doc/index.js';
import { isConfigError } from '../../src/errors.js';
import { lintDocument } from '../../src/lint/index.js';
import { compileSchema, validateDocument } from '../../src/schema/index.js';

export interface FuzzInput {
  readonly format: Format;
  readonly text: string;
  /** A JSON Schema as text. */
  readonly schema: string;
}

const clean = Object.getOwnPropertyNames(Object.prototype).join();

parentPort?.on('message', (input: FuzzInput) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, no window
  parentPort?.postMessage(complaintAbout(input));
});

/** What went wrong in cfg; undefined: nothing did, whatever is wrong with the text. */
function complaintAbout({ format, text, schema }: FuzzInput): string | undefined {
  try {
    const document = parseDocument(text, { format });
    if (document.tree !== undefined && printTree(document.tree) !== text) return 'does not print as it was';
    if (document.diagnostics.some(({ range }) => range.end.offset > text.length))
      return 'a place outside of the text';
    lintDocument(document);
    const parsed = parseDocument(schema, { format: 'json' });
    if (parsed.valid) validateDocument(document, compileSchema(valueOf(parsed), { id: 'schema.json' }));
  } catch (error) {
    if (!isConfigError(error)) return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  return Object.getOwnPropertyNames(Object.prototype).join() === clean
    ? undefined
    : 'Object.prototype is another';
}

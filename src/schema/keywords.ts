/** Keywords in which cfg differs from the engine, as the code that they become: it calls `runtime` (runtime.ts). */
import { _, Name, str, stringify, type Ajv, type Code, type KeywordCxt } from 'ajv';
import type { ConfigObject } from '../doc/index.js';
import { hasNoTwins } from './equal.js';
import { isMultiple } from './multiple-of.js';

/** The keyword that stands beside `format: cfg-path`, because formats are not told where they are. */
const referenceKeyword = 'x-cfg-path';

/** Makes an engine write down keys that are `deprecated` and values of the format `cfg-path`, and replaces `multipleOf` and `uniqueItems`. */
export function addKeywords(engine: Ajv): Ajv {
  engine.addFormat('cfg-path', true);
  for (const keyword of ['deprecated', 'multipleOf', 'uniqueItems']) engine.removeKeyword(keyword);
  engine.addKeyword({
    keyword: 'multipleOf',
    type: 'number',
    schemaType: 'number',
    error: { message: '', params: ({ schemaCode }) => _`{multipleOf: ${schemaCode}}` },
    code: (context) => {
      const call = called(context, isMultiple, _`runtime.isMultiple`);
      context.pass(_`${call}(${context.data}, ${context.schemaCode})`);
    },
  });
  engine.addKeyword({
    keyword: 'uniqueItems',
    type: 'array',
    schemaType: 'boolean',
    code: (context) => {
      const call = called(context, hasNoTwins, _`runtime.hasNoTwins`);
      if (context.schema === true) context.pass(_`${call}(${context.data})`);
    },
  });
  engine.addKeyword({
    keyword: 'deprecated',
    schemaType: 'boolean',
    code: (context) => {
      if (context.schema !== true) return;
      const { type, const: only, enum: some, deprecationMessage } = context.parentSchema;
      const meaning = stringify({ type, const: only, enum: some, deprecationMessage });
      context.gen.code(_`${notes(context)}.deprecated(${placeOf(context)}, ${context.data}, ${meaning})`);
    },
  });
  return engine.addKeyword({
    keyword: referenceKeyword,
    type: 'string',
    schemaType: 'boolean',
    code: (context) => {
      context.gen.code(_`${notes(context)}.reference(${placeOf(context)}, ${context.data})`);
    },
  });
}

function called({ gen }: KeywordCxt, ref: unknown, code: Code): Name {
  return gen.scopeValue('func', { ref, code });
}

/** The engine runs what it compiled for schemas of schemas only, about which nobody wants notes. */
const ignored = { deprecated: (): void => undefined, reference: (): void => undefined };

function notes(context: KeywordCxt): Name {
  return called(context, ignored, _`runtime.notes`);
}

/** The JSON Pointer of the value, as an expression. */
function placeOf({ it }: KeywordCxt): Code {
  return str`${new Name('instancePath')}${it.errorPath}`;
}

/** A schema object, with the keyword that goes with `format: cfg-path`. */
export function withReferenceKeyword(schema: ConfigObject): ConfigObject {
  return schema['format'] === 'cfg-path' ? { ...schema, [referenceKeyword]: true } : schema;
}

import type { Ajv } from 'ajv';
import { isMap, type ConfigObject, type ConfigValue } from '../doc/index.js';

/** Something that a schema says about a value without forbidding it. */
export type RawNote =
  | { readonly kind: 'deprecated'; readonly pointer: string; readonly advice: string | undefined }
  | { readonly kind: 'reference'; readonly pointer: string; readonly target: string };

/** Gathers what the keywords of one validation say; emptied before each. */
export class Notes {
  private found: RawNote[] = [];

  add(note: RawNote): void {
    this.found.push(note);
  }

  take(): readonly RawNote[] {
    const taken = this.found;
    this.found = [];
    return taken;
  }
}

/** The keyword that stands beside `format: cfg-path`, because formats are not told where they are. */
const referenceKeyword = 'x-cfg-path';

/** Makes an engine write down keys that are `deprecated`, and values of the format `cfg-path`. */
export function addNotes(engine: Ajv, notes: Notes): Ajv {
  engine.addFormat('cfg-path', true);
  engine.removeKeyword('deprecated');
  engine.addKeyword({
    keyword: 'deprecated',
    schemaType: 'boolean',
    errors: false,
    validate: (deprecated: boolean, data: unknown, schema?: object, place?: { instancePath: string }) => {
      if (deprecated && place !== undefined && meansThis(schema, data))
        notes.add({ kind: 'deprecated', pointer: place.instancePath, advice: adviceOf(schema) });
      return true;
    },
  });
  return engine.addKeyword({
    keyword: referenceKeyword,
    type: 'string',
    schemaType: 'boolean',
    errors: false,
    validate: (_wanted: boolean, data: string, _schema?: object, place?: { instancePath: string }) => {
      if (place !== undefined) notes.add({ kind: 'reference', pointer: place.instancePath, target: data });
      return true;
    },
  });
}

/** A form among several (`anyOf`) that the value does not have is not what is deprecated here. */
function meansThis(schema: object | undefined, data: unknown): boolean {
  const { type, const: only, enum: some }: { type?: unknown; const?: unknown; enum?: unknown } = schema ?? {};
  if (typeof only === 'string' || typeof only === 'number') return only === data;
  if (Array.isArray(some)) return some.includes(data);
  const types: readonly unknown[] = Array.isArray(type) ? type : type === undefined ? [] : [type];
  return (
    types.length === 0 ||
    types.includes(kindOf(data)) ||
    (types.includes('integer') && Number.isInteger(data))
  );
}

function kindOf(data: unknown): string {
  if (data === null) return 'null';
  return Array.isArray(data) ? 'array' : typeof data;
}

function adviceOf(schema: object | undefined): string | undefined {
  const { deprecationMessage: advice }: { deprecationMessage?: unknown } = schema ?? {};
  return typeof advice === 'string' ? advice : undefined;
}

/** A schema object, with the keyword that goes with `format: cfg-path`. */
export function withReferenceKeyword(schema: ConfigObject): ConfigObject {
  return schema['format'] === 'cfg-path' ? { ...schema, [referenceKeyword]: true } : schema;
}

/** Whether a schema has `format: cfg-path` in it. */
export function refersToFiles(schema: ConfigValue): boolean {
  if (isMap(schema) && schema['format'] === 'cfg-path') return true;
  return typeof schema === 'object' && schema !== null && Object.values(schema).some(refersToFiles);
}

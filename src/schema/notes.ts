import { isMap, type ConfigValue } from '../doc/index.js';

/** Something that a schema says about a value without forbidding it. */
export type RawNote =
  | { readonly kind: 'deprecated'; readonly pointer: string; readonly advice: string | undefined }
  | { readonly kind: 'reference'; readonly pointer: string; readonly target: string };

/** What a schema says about the values that it means; other keywords of it do not matter here. */
export interface Deprecation {
  readonly type?: unknown;
  readonly const?: unknown;
  readonly enum?: unknown;
  readonly deprecationMessage?: unknown;
}

/** Gathers what the keywords of one validation say; emptied before each. */
export class Notes {
  private found: RawNote[] = [];

  deprecated(pointer: string, data: unknown, schema: Deprecation): void {
    if (!meansThis(schema, data)) return;
    const { deprecationMessage: advice } = schema;
    this.found.push({ kind: 'deprecated', pointer, advice: typeof advice === 'string' ? advice : undefined });
  }

  reference(pointer: string, target: string): void {
    this.found.push({ kind: 'reference', pointer, target });
  }

  take(): readonly RawNote[] {
    const taken = this.found;
    this.found = [];
    return taken;
  }
}

/** A form among several (`anyOf`) that the value does not have is not what is deprecated here. */
function meansThis({ type, const: only, enum: some }: Deprecation, data: unknown): boolean {
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

/** Whether a schema has `format: cfg-path` in it. */
export function refersToFiles(schema: ConfigValue): boolean {
  if (isMap(schema) && schema['format'] === 'cfg-path') return true;
  return typeof schema === 'object' && schema !== null && Object.values(schema).some(refersToFiles);
}

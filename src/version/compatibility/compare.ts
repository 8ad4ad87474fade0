import {
  equalValues,
  formatKeyPath,
  isList,
  type ConfigObject,
  type ConfigValue,
  type KeyPath,
} from '../../doc/index.js';
import { compareLimits } from './limits.js';
import {
  itemsOf,
  mapOf,
  namesOf,
  otherFile,
  othersOf,
  type Refer,
  type Side,
  sideOf,
  typesOf,
  valuesOf,
} from './parts.js';

/** A change of a schema that existing configuration may not survive. */
export interface SchemaChange {
  /** Where in the configuration, as a key path in text form; `[*]` is any item, `*` any other key. */
  readonly path: string;
  /** Where in the later schema. */
  readonly at: KeyPath;
  /** `error`: something that was valid no longer is; `warning`: that may be so. */
  readonly severity: 'error' | 'warning';
  readonly message: string;
  /** Whether it is about a key that the earlier schema left as free as any. */
  readonly isNew: boolean;
}

/**
 * What a later version of a schema no longer allows, or may not. Local references are followed, and those to other files where `refer` knows
 * them; two references to the same unknown file count as equal. What is new and optional, or wider than before, is no change here. Sorted
 * as the schema has it.
 */
export function compareSchemas(
  before: ConfigValue,
  after: ConfigValue,
  refer: { readonly before: Refer; readonly after: Refer } = { before: unknown, after: unknown },
): readonly SchemaChange[] {
  const comparison = new Comparison();
  const [old, now] = [
    { root: before, refer: refer.before },
    { root: after, refer: refer.after },
  ];
  comparison.compare(sideOf(old, before), sideOf(now, after), {
    path: '',
    at: [],
    implied: false,
    isNew: false,
  });
  return comparison.changes();
}

const unknown: Refer = () => undefined;

export interface Place {
  readonly path: string;
  readonly at: KeyPath;
  /** The earlier schema did not name this place, so that it is not sure that there are values. */
  readonly implied: boolean;
  /** The earlier schema said nothing about it at all. */
  readonly isNew: boolean;
}

export type Note = (message: string, at?: KeyPath, severity?: SchemaChange['severity']) => void;

/** Keywords that are compared as a whole. */
const opaque = [
  'not',
  'if',
  'then',
  'else',
  'contains',
  'propertyNames',
  'dependentSchemas',
  'dependencies',
  'dependentRequired',
  'minContains',
  'maxContains',
  'unevaluatedItems',
  '$ref',
  '$dynamicRef',
];

class Comparison {
  private readonly found = new Map<string, SchemaChange>();
  private readonly compared = new Map<ConfigObject, Set<ConfigObject>>();

  changes(): readonly SchemaChange[] {
    return [...this.found.values()];
  }

  compare(before: Side, after: Side, place: Place): void {
    if (before.part === false) return;
    const note = this.noteAt(place);
    if (after.part === false) return note('is no longer allowed');
    if (Object.keys(after.part).length === 0 || this.isKnown(before.part, after.part)) return;
    const [old, now] = [before.part, after.part];
    compareKinds(old, now, note);
    compareLimits(old, now, note);
    this.compareMaps(before, after, place);
    this.compareLists(before, after, place);
    this.compareForms(before, after, place);
    for (const keyword of opaque)
      if (now[keyword] !== undefined && !equalValues(old[keyword] ?? null, now[keyword]))
        note(`has another '${keyword}', which cfg cannot judge`, [keyword], 'warning');
    const files = [otherFile(before, old['$ref']), otherFile(after, now['$ref'])];
    if (!equalValues(files[0] ?? null, files[1] ?? null))
      note('has another schema beside its own demands, which cfg cannot judge', ['$ref'], 'warning');
  }

  /** Schemas may contain themselves. */
  private isKnown(old: ConfigObject, now: ConfigObject): boolean {
    const partners = this.compared.get(old) ?? new Set();
    this.compared.set(old, partners);
    return partners.size === partners.add(now).size;
  }

  private noteAt(place: Place): Note {
    return (text, at = [], severity = 'error') => {
      const subject = place.path === '' ? 'the document' : `'${place.path}'`;
      const message = `${subject} ${text}`;
      const certain = severity === 'error' && !place.implied;
      this.found.set(message, {
        path: place.path,
        at: [...place.at, ...at],
        severity: certain ? 'error' : 'warning',
        message,
        isNew: place.isNew,
      });
    };
  }

  private compareMaps(before: Side, after: Side, place: Place): void {
    if (before.part === false || after.part === false) return;
    const [old, now] = [before.part, after.part];
    if (!typesOf(old).has('object') || !typesOf(now).has('object')) return;
    const [oldKeys, newKeys] = [mapOf(old, 'properties'), mapOf(now, 'properties')];
    const required = new Set(namesOf(old, 'required'));
    for (const key of namesOf(now, 'required'))
      if (!required.has(key)) this.noteAt(place)(`needs the key '${key}' now`, ['required']);
    for (const key of new Set([...Object.keys(oldKeys), ...Object.keys(newKeys)])) {
      const named = Object.hasOwn(oldKeys, key);
      const isNew = !named && (othersOf(old) ?? true) === true && newKeys[key] !== false;
      this.compare(
        sideOf(before, named ? oldKeys[key] : othersOf(old)),
        sideOf(after, Object.hasOwn(newKeys, key) ? newKeys[key] : othersOf(now)),
        below(place, key, { at: ['properties', key], implied: !named, isNew }),
      );
    }
    const others = { ...place, path: joined(place.path, '*'), at: [...place.at, 'additionalProperties'] };
    this.compare(sideOf(before, othersOf(old)), sideOf(after, othersOf(now)), others);
    this.comparePatterns(old, now, this.noteAt(place));
  }

  private comparePatterns(old: ConfigObject, now: ConfigObject, note: Note): void {
    for (const [pattern, schema] of Object.entries(mapOf(now, 'patternProperties')))
      if (!equalValues(mapOf(old, 'patternProperties')[pattern] ?? null, schema))
        note('has another rule for keys of a pattern', ['patternProperties', pattern], 'warning');
  }

  private compareLists(before: Side, after: Side, place: Place): void {
    if (before.part === false || after.part === false) return;
    const [old, now] = [itemsOf(before.part), itemsOf(after.part)];
    const length = Math.max(old.first.length, now.first.length);
    for (let index = 0; index < length; index++)
      this.compare(
        sideOf(before, old.first[index] ?? old.rest),
        sideOf(after, now.first[index] ?? now.rest),
        { ...place, path: `${place.path}[${index}]`, at: [...place.at, 'prefixItems', index] },
      );
    this.compare(sideOf(before, old.rest), sideOf(after, now.rest), {
      ...place,
      path: `${place.path}[*]`,
      at: [...place.at, now.restKey],
    });
  }

  /** Each form that was allowed has to be there still, or a wider one in its place. */
  private compareForms(before: Side, after: Side, place: Place): void {
    if (before.part === false || after.part === false) return;
    for (const keyword of ['anyOf', 'oneOf', 'allOf']) {
      const [old, now] = [before.part[keyword], after.part[keyword]];
      if (!isList(now) || equalValues(old ?? null, now)) continue;
      const note = this.noteAt(place);
      if (!isList(old)) note(`has '${keyword}' now, which cfg cannot judge`, [keyword], 'warning');
      else if (keyword === 'allOf')
        now
          .filter((part) => !old.some((one) => equalValues(one, part)))
          .forEach(() => note("has another part of 'allOf'", [keyword], 'warning'));
      else
        old.forEach((form, index) => {
          if (now.some((one) => equalValues(one, form))) return;
          if (now[index] === undefined)
            return note(`no longer allows one of its forms ('${keyword}')`, [keyword]);
          this.compare(sideOf(before, form), sideOf(after, now[index]), {
            ...place,
            at: [...place.at, keyword, index],
            implied: true,
          });
        });
    }
  }
}

const kinds: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  integer: 'a whole number',
  null: 'null',
  number: 'a number',
  object: 'a map',
  string: 'a string',
};

function compareKinds(old: ConfigObject, now: ConfigObject, note: Note): void {
  const [before, after] = [typesOf(old), typesOf(now)];
  const lost = [...before].filter((type) => !after.has(type) && !(type === 'integer' && after.has('number')));
  const wholeOnly = lost.includes('number') && after.has('integer');
  if (old['type'] === undefined && lost.length > 0)
    note(`has to be ${[...after].map((type) => kinds[type] ?? type).join(' or ')} now`, ['type']);
  else
    for (const type of lost)
      note(
        type === 'number' && wholeOnly
          ? 'has to be a whole number now'
          : `may no longer be ${kinds[type] ?? type}`,
        ['type'],
      );
  const [values, allowed] = [valuesOf(old), valuesOf(now)];
  if (allowed === undefined) return;
  const keyword = now['const'] === undefined ? 'enum' : 'const';
  if (values === undefined) return note('is limited to listed values now', [keyword]);
  const gone = values.filter((value) => !allowed.some((one) => equalValues(one, value)));
  if (gone.length > 0) note(`no longer allows ${gone.map((value) => shown(value)).join(', ')}`, [keyword]);
}

function shown(value: ConfigValue): string {
  return typeof value === 'string'
    ? `'${value}'`
    : JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? String(part) : part));
}

function below(place: Place, key: string, { at, implied, isNew }: Omit<Place, 'path'>): Place {
  return {
    path: joined(place.path, formatKeyPath([key])),
    at: [...place.at, ...at],
    implied: place.implied || implied,
    isNew: place.isNew || isNew,
  };
}

function joined(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

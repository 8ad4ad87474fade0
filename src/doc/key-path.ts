/**
 * Key paths as text: `db.pool.max`, `hosts[0]`, `containers[name=web].image`, `labels."app.kubernetes.io/name"`, or a JSON Pointer.
 */
import { ConfigError } from '../errors.js';
import type { KeyPath, KeySegment } from './types.js';

/**
 * Reads a key path; the empty text is the whole document. What begins with `/` is a JSON Pointer (RFC 6901), whose steps are all
 * strings: a string of digits finds the item of a list as well as the key of a map.
 *
 * @throws ConfigError `E_BAD_PATH`, with the column in the message.
 */
export function parseKeyPath(text: string): KeyPath {
  if (text === '') return [];
  return text.startsWith('/') ? parsePointer(text) : new KeyPathReader(text).read();
}

/** The text of a key path, which {@link parseKeyPath} reads back to the same path. */
export function formatKeyPath(path: KeyPath): string {
  return path
    .map((segment, index) => {
      if (typeof segment === 'number') return `[${segment}]`;
      if (typeof segment === 'object') return `[${formatFields(segment)}]`;
      return (index > 0 ? '.' : '') + (isPlainName(segment) ? segment : JSON.stringify(segment));
    })
    .join('');
}

function formatFields(fields: { readonly [field: string]: string }): string {
  return Object.entries(fields)
    .map(([name, value]) => `${formatField(name)}=${formatField(value)}`)
    .join(',');
}

function formatField(text: string): string {
  return /^[^\s"'[\],=#\p{Cc}][^"'[\],=#\p{Cc}]*$/u.test(text) && text.trimEnd() === text
    ? text
    : JSON.stringify(text);
}

/** Whether a key needs no quotes in a key path. */
function isPlainName(name: string): boolean {
  return /^[^\s/.[\]#"'\p{Cc}][^.[\]#"'\p{Cc}]*$/u.test(name) && name.trimEnd() === name;
}

function parsePointer(text: string): KeyPath {
  const bad = /~(?![01])/.exec(text);
  if (bad) throw badPath(text, bad.index, 'expected ~0 or ~1');
  return text
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function badPath(text: string, at: number, what: string): ConfigError {
  return new ConfigError('E_BAD_PATH', `cannot read key path '${text}': ${what} at column ${at + 1}`, {
    hint: 'write it as db.pool.max, hosts[0], containers[name=web].image or labels."a.b/c"',
    details: { path: text, column: at + 1 },
  });
}

class KeyPathReader {
  private at = 0;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  read(): KeyPath {
    const path: KeySegment[] = [this.text[0] === '[' ? this.bracket() : this.name()];
    while (this.at < this.text.length) path.push(this.next());
    return path;
  }

  private next(): KeySegment {
    if (this.text[this.at] === '[') return this.bracket();
    if (this.text[this.at] !== '.') throw this.bad("expected '.' or '['");
    this.at += 1;
    return this.name();
  }

  private name(): string {
    return this.quoted() ?? this.plain(/[^.[\]#"']+/y, 'a key');
  }

  private bracket(): KeySegment {
    this.at += 1;
    const index = this.take(/(0|[1-9]\d*)\]/y);
    if (index !== undefined) {
      const value = Number(index.slice(0, -1));
      if (!Number.isSafeInteger(value)) throw this.bad('the index is too large');
      return value;
    }
    return this.fields();
  }

  /** `name=web,port=80]`: the fields of the list item that is meant. */
  private fields(): KeySegment {
    const fields = new Map<string, string>();
    for (;;) {
      const name = this.field();
      if (this.take(/=/y) === undefined) throw this.bad("expected an index or 'field=value'");
      fields.set(name, this.take(/(?=[,\]])/y) === undefined ? this.field() : '');
      if (this.take(/\]/y) !== undefined) return Object.fromEntries(fields);
      if (this.take(/,/y) === undefined) throw this.bad("expected ',' or ']'");
    }
  }

  private field(): string {
    return this.quoted() ?? this.plain(/[^"'[\],=#]+/y, 'a field');
  }

  private quoted(): string | undefined {
    const start = this.at;
    const source = this.take(/"(?:[^"\\]|\\.)*"/y);
    if (source === undefined) return undefined;
    try {
      return String(JSON.parse(source));
    } catch {
      this.at = start;
      throw this.bad('a quoted key is written like a JSON string');
    }
  }

  private plain(pattern: RegExp, what: string): string {
    const found = this.take(pattern);
    if (found === undefined) throw this.bad(`expected ${what}`);
    return found;
  }

  private take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  private bad(what: string): ConfigError {
    return badPath(this.text, this.at, what);
  }
}

/** The models of properties as text. */
import type { EntryModel, ListModel, MapModel, Model } from './model.js';

export type ModelFormat = 'yaml' | 'json' | 'ini';

/** How a model is written; two styles of one model mean the same. */
export interface PrintStyle {
  readonly step: string;
  /** Around strings of YAML, and the sign between key and value of INI. */
  readonly quote: '' | "'";
  readonly equals: ' =' | '=';
  /** Collections of scalars without comments change between one line and many. */
  readonly isTurned: boolean;
}

const usual: PrintStyle = { step: '  ', quote: '', equals: ' =', isTurned: false };
/** Unlike the usual one in everything. */
export const restyled: PrintStyle = { step: '    ', quote: "'", equals: '=', isTurned: true };

export function printModel(model: MapModel, format: ModelFormat, style: PrintStyle = usual): string {
  const printer = new Printer(style);
  if (format === 'yaml')
    return model.entries.map((entry) => printer.yamlEntry(`${entry.key}:`, entry, '')).join('');
  if (format === 'json') return `${printer.json(model, '')}\n`;
  return model.entries.map((entry) => printer.iniSection(entry)).join('\n');
}

function comment(text: string, indent: string, sign: string): string {
  return text === '' ? '' : `${indent}${sign} ${text}\n`;
}

class Printer {
  constructor(private readonly style: PrintStyle) {}

  yamlEntry(head: string, { lead, tail, value }: EntryModel, indent: string): string {
    const end = tail === '' ? '\n' : ` # ${tail}\n`;
    return `${comment(lead, indent, '#')}${indent}${head}${this.yamlValue(value, indent, end)}`;
  }

  private yamlValue(value: Model, indent: string, end: string): string {
    const inner = indent + this.style.step;
    if (value.kind === 'scalar') return ` ${this.scalar(value.text)}${end}`;
    if (value.kind === 'block') return ` |\n${value.lines.map((line) => `${inner}${line}\n`).join('')}`;
    if (this.isFlow(value) || value.entries.length === 0) return ` ${this.flow(value)}${end}`;
    const entries = value.entries.map((entry) =>
      this.yamlEntry(value.kind === 'map' ? `${entry.key}:` : '-', entry, inner),
    );
    return `${end}${entries.join('')}`;
  }

  private isFlow({ isFlow, entries }: MapModel | ListModel): boolean {
    const isPlain = entries.every(({ lead, tail, value }) => lead + tail === '' && value.kind === 'scalar');
    return this.style.isTurned && isPlain ? !isFlow : isFlow;
  }

  /** A quoted word is the same string; what is no string stays as it is. */
  private scalar(text: string): string {
    const { quote } = this.style;
    return /^(?:[a-z]\w* ?\w*|v[\d.]+)$/.test(text) && !/^(?:true|null)$/.test(text)
      ? quote + text + quote
      : text;
  }

  private flow(value: Model): string {
    if (value.kind === 'scalar') return this.scalar(value.text);
    if (value.kind === 'block') return JSON.stringify(value.lines.join('\n'));
    const inner = value.entries.map(
      (entry) => (value.kind === 'map' ? `${entry.key}: ` : '') + this.flow(entry.value),
    );
    return value.kind === 'map' ? `{${inner.join(', ')}}` : `[${inner.join(', ')}]`;
  }

  json(value: Model, indent: string): string {
    if (value.kind === 'scalar') return jsonScalar(value.text);
    if (value.kind === 'block') return JSON.stringify(value.lines.join('\n'));
    const [open, close] = value.kind === 'map' ? '{}' : '[]';
    if (value.entries.length === 0) return `${open}${close}`;
    const inner = indent + this.style.step;
    const entries = value.entries.map((entry, index) => {
      const comma = index < value.entries.length - 1 ? ',' : '';
      const name = value.kind === 'map' ? `${JSON.stringify(entry.key)}: ` : '';
      return { ...entry, text: `${name}${this.json(entry.value, inner)}${comma}` };
    });
    if (this.isFlow(value)) return `${open}${entries.map(({ text }) => text).join(' ')}${close}`;
    const lines = entries.map(
      ({ lead, tail, text }) =>
        `${comment(lead, inner, '//')}${inner}${text}${tail === '' ? '' : ` // ${tail}`}\n`,
    );
    return `${open}\n${lines.join('')}${indent}${close}`;
  }

  iniSection({ key, lead, value }: EntryModel): string {
    const entries = value.kind === 'map' ? value.entries : [];
    return `${comment(lead, '', ';')}[${key}]\n${entries.map((entry) => this.iniEntry(entry)).join('')}`;
  }

  private iniEntry({ key, lead, value }: EntryModel): string {
    const { equals } = this.style;
    const text =
      value.kind === 'block'
        ? `\n${value.lines.map((line) => `    ${line}\n`).join('')}`
        : `${equals === '=' ? '' : ' '}${value.kind === 'scalar' ? value.text : 'other'}\n`;
    return `${comment(lead, '', ';')}${key}${equals}${text}`;
  }
}

function jsonScalar(text: string): string {
  return /^(?:null|true|\d+(?:\.\d+)?)$/.test(text) ? text : JSON.stringify(text);
}

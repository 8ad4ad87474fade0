/** The models of properties as text. */
import type { EntryModel, MapModel, Model } from './model.js';

export type ModelFormat = 'yaml' | 'json' | 'ini';

export function printModel(model: MapModel, format: ModelFormat): string {
  if (format === 'yaml') return model.entries.map((entry) => yamlEntry(`${entry.key}:`, entry, '')).join('');
  if (format === 'json') return `${json(model, '')}\n`;
  return model.entries.map(iniSection).join('\n');
}

function comment(text: string, indent: string, sign: string): string {
  return text === '' ? '' : `${indent}${sign} ${text}\n`;
}

function yamlEntry(head: string, { lead, tail, value }: EntryModel, indent: string): string {
  const end = tail === '' ? '\n' : ` # ${tail}\n`;
  return `${comment(lead, indent, '#')}${indent}${head}${yamlValue(value, indent, end)}`;
}

function yamlValue(value: Model, indent: string, end: string): string {
  const inner = `${indent}  `;
  if (value.kind === 'scalar') return ` ${value.text}${end}`;
  if (value.kind === 'block') return ` |\n${value.lines.map((line) => `${inner}${line}\n`).join('')}`;
  if (value.isFlow || value.entries.length === 0) return ` ${flow(value)}${end}`;
  const entries = value.entries.map((entry) =>
    yamlEntry(value.kind === 'map' ? `${entry.key}:` : '-', entry, inner),
  );
  return `${end}${entries.join('')}`;
}

function flow(value: Model): string {
  if (value.kind === 'scalar') return value.text;
  if (value.kind === 'block') return JSON.stringify(value.lines.join('\n'));
  const inner = value.entries.map(
    (entry) => (value.kind === 'map' ? `${entry.key}: ` : '') + flow(entry.value),
  );
  return value.kind === 'map' ? `{${inner.join(', ')}}` : `[${inner.join(', ')}]`;
}

function json(value: Model, indent: string): string {
  if (value.kind === 'scalar') return jsonScalar(value.text);
  if (value.kind === 'block') return JSON.stringify(value.lines.join('\n'));
  const [open, close] = value.kind === 'map' ? '{}' : '[]';
  if (value.entries.length === 0) return `${open}${close}`;
  const inner = `${indent}  `;
  const entries = value.entries.map((entry, index) => {
    const comma = index < value.entries.length - 1 ? ',' : '';
    const name = value.kind === 'map' ? `${JSON.stringify(entry.key)}: ` : '';
    return { ...entry, text: `${name}${json(entry.value, inner)}${comma}` };
  });
  if (value.isFlow) return `${open}${entries.map(({ text }) => text).join(' ')}${close}`;
  const lines = entries.map(
    ({ lead, tail, text }) =>
      `${comment(lead, inner, '//')}${inner}${text}${tail === '' ? '' : ` // ${tail}`}\n`,
  );
  return `${open}\n${lines.join('')}${indent}${close}`;
}

function jsonScalar(text: string): string {
  return /^(?:null|true|\d+(?:\.\d+)?)$/.test(text) ? text : JSON.stringify(text);
}

function iniSection({ key, lead, value }: EntryModel): string {
  const entries = value.kind === 'map' ? value.entries : [];
  return `${comment(lead, '', ';')}[${key}]\n${entries.map(iniEntry).join('')}`;
}

function iniEntry({ key, lead, value }: EntryModel): string {
  const text =
    value.kind === 'block'
      ? `\n${value.lines.map((line) => `    ${line}\n`).join('')}`
      : ` ${value.kind === 'scalar' ? value.text : 'other'}\n`;
  return `${comment(lead, '', ';')}${key} =${text}`;
}

/**
 * `value` as JSON text: like `JSON.stringify`, but an integer of any size keeps all its digits, and a number that JSON has no
 * notation for is the string YAML writes for it (`".inf"`, `"-.inf"`, `".nan"`). `indent` 0 (default) is one line.
 */
export function formatJson(value: unknown, indent = 0): string {
  return format(value, indent === 0 ? '' : ' '.repeat(indent), '\n');
}

function format(value: unknown, step: string, lineBreak: string): string {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number' && !Number.isFinite(value)) return JSON.stringify(nonFinite(value));
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const inner = lineBreak + step;
  const [open, close, items] = Array.isArray(value)
    ? ['[', ']', value.map((item) => format(item, step, inner))]
    : ['{', '}', members(value, step, inner)];
  if (items.length === 0) return open + close;
  return step === ''
    ? open + items.join(',') + close
    : open + inner + items.join(`,${inner}`) + lineBreak + close;
}

function members(value: object, step: string, inner: string): string[] {
  const colon = step === '' ? ':' : ': ';
  return Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([key, member]) => JSON.stringify(key) + colon + format(member, step, inner));
}

function nonFinite(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  return value > 0 ? '.inf' : '-.inf';
}

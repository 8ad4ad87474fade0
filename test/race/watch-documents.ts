/** Documents of which one can see whether they are whole, although YAML that was cut at the end of a line is YAML. */

/** How often a document says its number. The same for all of `sed`, which changes lines but adds none. */
function rowCount(name: string, k: number): number {
  return name === 'sed' ? 8 : 3 + ((k * 7) % 20);
}

/** Document `k` of a writer, with its name as the only key at the top. */
export function documentText(name: string, k: number): string {
  const rows = Array.from({ length: rowCount(name, k) }, (_, row) => `  row${row}: ${k}\n`);
  return `${name}:\n${rows.join('')}`;
}

/** The number of a document; undefined for what nobody wrote. */
export function numberOf(name: string, value: unknown): number | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const rows: readonly unknown[] = Object.values(value);
  const k = rows[0];
  return typeof k === 'number' && rows.length === rowCount(name, k) && rows.every((row) => row === k)
    ? k
    : undefined;
}

/** Whether two values are the same for JSON Schema: the order of keys does not count. */
export function isSame(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  return typeof left === 'object' && typeof right === 'object' && canonical(left) === canonical(right);
}

/** `uniqueItems` in linear time; the engine's compares every item with every other. */
export function hasNoTwins(items: readonly unknown[]): boolean {
  return new Set(items.map(canonical)).size === items.length;
}

/** Equal for values that are the same. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value === 'number') return String(value); // JSON has no infinities
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? '';
  const fields = Object.entries(value).map(([key, field]) => `${JSON.stringify(key)}:${canonical(field)}`);
  return `{${fields.toSorted().join()}}`;
}

import type { ConfigValue } from '../doc/index.js';
import type { Config } from '../load/index.js';

/** What was left out of loaded configuration, and of which sources a copy stands in. */
export function sourceWarnings({ sources }: Pick<Config, 'sources'>): readonly string[] {
  return sources.flatMap(({ name, status, reason, ageMs = 0 }) => {
    if (status === 'failed') return [`layer '${name}' is left out: ${reason ?? ''}`];
    if (status === 'stale') return [`layer '${name}' is a copy, ${age(ageMs)} old: ${reason ?? ''}`];
    return reason === undefined ? [] : [reason];
  });
}

/** That some values are masked. */
export function maskWarnings({ value, mask }: Config): readonly string[] {
  const hidden = differing(value, mask());
  if (hidden === 0) return [];
  const [are, them] = hidden === 1 ? ['value is', 'it'] : ['values are', 'them'];
  return [`${hidden} secret ${are} masked; --reveal shows ${them}`];
}

function age(ms: number): string {
  const units: readonly (readonly [string, number])[] = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['min', 60_000],
  ];
  const [unit, size] = units.find(([, length]) => ms >= length) ?? ['s', 1000];
  return `${Math.floor(ms / size)} ${unit}`;
}

/** How many leaves differ between a value and itself masked. */
function differing(value: ConfigValue, masked: ConfigValue): number {
  if (typeof value !== 'object' || value === null || typeof masked !== 'object' || masked === null)
    return value === masked ? 0 : 1;
  const [own, others]: readonly (readonly ConfigValue[])[] = [Object.values(value), Object.values(masked)];
  return (own ?? []).reduce<number>(
    (sum, child, index) => sum + differing(child, others?.[index] ?? null),
    0,
  );
}

/** Decimal fractions are not exact in binary: 0.29 is a multiple of 0.01. */
const tolerance = 1e-9;

/** `multipleOf`, but that the engine's takes every number for a multiple of one so small that their quotient is infinite. */
export function isMultiple(value: number, of: number): boolean {
  const quotient = value / of;
  if (!Number.isFinite(quotient)) return value % of === 0;
  return Math.abs(quotient - Math.round(quotient)) <= tolerance;
}

/**
 * A finite number as digits. A float beyond the safe integers gets an exponent: without one it would read back as an integer of as many
 * digits, which is another value.
 */
export function numberText(value: number): string {
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? value.toExponential() : String(value);
}

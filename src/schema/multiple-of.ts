import type { Ajv, SchemaValidateFunction } from 'ajv';

/** Decimal fractions are not exact in binary: 0.29 is a multiple of 0.01. */
const tolerance = 1e-9;

/** Replaces `multipleOf`, which takes every number for a multiple of one so small that their quotient is infinite. */
export function addMultipleOf(engine: Ajv): Ajv {
  engine.removeKeyword('multipleOf');
  return engine.addKeyword({
    keyword: 'multipleOf',
    type: 'number',
    schemaType: 'number',
    errors: true,
    validate: check,
  });
}

const check: SchemaValidateFunction = (multipleOf: number, value: number) => {
  const fits = isMultiple(value, multipleOf);
  check.errors = fits ? [] : [{ keyword: 'multipleOf', params: { multipleOf } }];
  return fits;
};

function isMultiple(value: number, of: number): boolean {
  const quotient = value / of;
  if (!Number.isFinite(quotient)) return value % of === 0;
  return Math.abs(quotient - Math.round(quotient)) <= tolerance;
}

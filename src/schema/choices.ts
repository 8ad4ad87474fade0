import type { ErrorObject } from 'ajv';

/**
 * One error for each `anyOf` and `oneOf` that failed, where the validator gives those of every branch besides. When one branch
 * is clearly the one that was meant (the value is of its kind, and it fits better than any other), its errors are the ones to
 * tell; otherwise that none fits, with the types that would when nothing else is wrong.
 */
export function reduceChoices(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  let kept: ErrorObject[] = [];
  for (const error of errors) {
    if (error.keyword === 'if') continue;
    const choice =
      (error.keyword === 'anyOf' || error.keyword === 'oneOf') && error.params['passingSchemas'] == null;
    if (!choice) {
      kept.push(error);
      continue;
    }
    const start = startOfBranches(kept, error);
    kept = [...kept.slice(0, start), ...chosen(error, kept.slice(start))];
  }
  return kept;
}

/** Branch errors come right before that of the choice, at its place or deeper, and never from a keyword beside it. */
function startOfBranches(errors: readonly ErrorObject[], choice: ErrorObject): number {
  const beside = choice.schemaPath.slice(0, choice.schemaPath.lastIndexOf('/') + 1);
  let start = errors.length;
  for (; start > 0; start--) {
    const error = errors[start - 1];
    if (error === undefined || !isWithin(error.instancePath, choice.instancePath)) break;
    if (error.schemaPath.startsWith(beside) && !error.schemaPath.startsWith(`${choice.schemaPath}/`)) break;
  }
  return start;
}

function isWithin(path: string, parent: string): boolean {
  return path === parent || path.startsWith(`${parent}/`);
}

function chosen(choice: ErrorObject, errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const types = errors.filter(
    (error) => error.keyword === 'type' && error.instancePath === choice.instancePath,
  );
  if (types.length === errors.length && types.length > 0)
    return [{ ...choice, params: { types: typesOf(types) } }];
  const branches = branchesOf(choice, errors);
  const [listed, ...others] = branches.filter((branch) => isListOfValues(branch, choice));
  if (listed !== undefined && others.length === 0 && errors.length === listed.length + types.length)
    return listed;
  const fitting = branches
    .filter((branch) => branch.every((error) => !rulesOut(error, choice)))
    .toSorted((a, b) => a.length - b.length);
  const [best, next] = fitting;
  return best !== undefined && best.length !== next?.length ? best : [choice];
}

/** A value of the right kind that is none of those listed, while the other branches want other kinds. */
function isListOfValues(branch: readonly ErrorObject[], { instancePath }: ErrorObject): boolean {
  return branch.every((error) => error.keyword === 'enum' && error.instancePath === instancePath);
}

function branchesOf(
  choice: ErrorObject,
  errors: readonly ErrorObject[],
): readonly (readonly ErrorObject[])[] {
  const branches = new Map<string, ErrorObject[]>();
  for (const error of errors) {
    const name = branchOf(error, choice);
    branches.set(name, [...(branches.get(name) ?? []), error]);
  }
  return [...branches.values()];
}

function branchOf({ schemaPath }: ErrorObject, choice: ErrorObject): string {
  if (schemaPath.startsWith(`${choice.schemaPath}/`))
    return schemaPath.slice(choice.schemaPath.length + 1).split('/')[0] ?? '';
  return /^[^#/]*(?:#\/(?:\$defs|definitions)\/[^/]+)?/.exec(schemaPath)?.[0] ?? '';
}

/** A wrong kind of value, or another value of what tells the branches apart (`kind: ...`), means that another branch was meant. */
function rulesOut({ keyword, instancePath }: ErrorObject, choice: ErrorObject): boolean {
  const depth = instancePath.slice(choice.instancePath.length).split('/').length - 1;
  return (keyword === 'type' && depth === 0) || ((keyword === 'const' || keyword === 'enum') && depth <= 1);
}

function typesOf(errors: readonly ErrorObject[]): readonly string[] {
  const types: readonly unknown[] = errors.flatMap(({ params }) => params['type']);
  return [...new Set(types.filter((type) => typeof type === 'string'))];
}

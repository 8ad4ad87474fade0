/** The package has no types of its own. */
declare module 'parse-conflict-json' {
  const parseConflictJson: (text: string) => unknown;
  export default parseConflictJson;
}

/** The merger of package.json that npm itself uses: from the text with the markers of git, and never with a conflict of its own. */
import parseConflictJson from 'parse-conflict-json';

/** The merged text, indented as the file with the conflict; undefined where the package gives up. */
export function mergeMarked(marked: string): string | undefined {
  const indent = /^([ \t]+)\S/m.exec(marked)?.[1] ?? '';
  try {
    return `${JSON.stringify(parseConflictJson(marked), null, indent)}\n`;
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}

import type { PlainProblem, ValidateAnswer } from '../../../repo/index.js';
import { formatJson } from '../../json.js';
import { wellFormed } from '../text.js';
import { fingerprints } from './fingerprint.js';

/** What SARIF says of the tool. */
export interface SarifTool {
  readonly version: string;
  /** One sentence about a rule. */
  readonly about: (rule: string) => string;
}

const schema = 'https://json.schemastore.org/sarif-2.1.0.json';
/** Results that GitHub takes in one run (docs.github.com: "SARIF results exceed one or more limits"). */
const maxResults = 25_000;

/** Problems as SARIF 2.1.0 (docs.oasis-open.org/sarif/sarif/v2.1.0), for code scanning: one run, rules and results sorted, paths from the root of the repository. */
export function renderSarif({ problems }: ValidateAnswer, { version, about }: SarifTool): string {
  const shown = problems.slice(0, maxResults);
  const ids = [...new Set(shown.map(({ rule }) => rule))].toSorted();
  const prints = fingerprints(shown);
  const run = {
    tool: {
      driver: { name: 'cfg', version, rules: ids.map((id) => ruleOf(id, shown, about)) },
    },
    columnKind: 'utf16CodeUnits',
    originalUriBaseIds: { '%SRCROOT%': { description: { text: 'The root of the repository.' } } },
    results: shown.map((problem, index) =>
      resultOf(problem, { ruleIndex: ids.indexOf(problem.rule), fingerprint: prints[index] ?? '' }),
    ),
  };
  return `${formatJson({ $schema: schema, version: '2.1.0', runs: [run] }, 2)}\n`;
}

function ruleOf(id: string, problems: readonly PlainProblem[], about: SarifTool['about']): object {
  const level = problems.find(({ rule, severity }) => rule === id && severity === 'error')
    ? 'error'
    : 'warning';
  return { id, shortDescription: { text: about(id) }, defaultConfiguration: { level } };
}

function resultOf(
  problem: PlainProblem,
  { ruleIndex, fingerprint }: { readonly ruleIndex: number; readonly fingerprint: string },
): object {
  const { file, path, rule, severity, message, related = [] } = problem;
  return {
    ruleId: rule,
    ruleIndex,
    level: severity,
    message: { text: message },
    locations: [
      {
        physicalLocation: physical(file, regionOf(problem)),
        ...(path !== '' && { logicalLocations: [{ fullyQualifiedName: path, kind: 'member' }] }),
      },
    ],
    ...(related.length > 0 && {
      relatedLocations: related.map((place, id) => ({
        id,
        physicalLocation: physical(place.file, { startLine: place.line, startColumn: place.column }),
        message: { text: place.message },
      })),
    }),
    partialFingerprints: { 'cfgProblem/v1': fingerprint },
  };
}

/** An empty token has a region of one character, which viewers can show. */
function regionOf({ line, column, endLine, endColumn }: PlainProblem): object {
  const end = endLine !== undefined && endColumn !== undefined && { endLine, endColumn };
  return { startLine: line, startColumn: column, ...end };
}

function physical(file: string, region: object): object {
  const uri = wellFormed(file).split('/').map(encodeURIComponent).join('/');
  return { artifactLocation: { uri, uriBaseId: '%SRCROOT%' }, region };
}

import { isConfigError } from '../errors.js';
import type { ConfigDocument } from '../doc/index.js';
import { protectionOf } from '../policy/index.js';
import { isConfigFile, parseSettings, type Settings } from '../settings/index.js';
import type { FileContent, Oid, RepoPath } from '../store/index.js';
import type { BatchFiles, ChangedContent } from './batch-files.js';
import { checkContents } from './check.js';
import type { RepositoryContext } from './context.js';
import { isFile } from './documents.js';
import { errorsOf, gateError, settingsGateError } from './problems.js';
import { governingSettings, requireAllowed, requireSigning } from './protection.js';
import type { SchemaCache } from './schemas.js';
import { settingsPath } from './settings.js';
import { decodeText } from './text.js';

/** What every commit of a batch must pass: the protection of the branch as the commit before it has it, and the check of what it changes. */
export class BatchGate {
  private readonly context: RepositoryContext;
  private readonly branch: string;
  private readonly files: BatchFiles;
  /** What governs the next commit. */
  private governing: Settings;
  /** Those of the worktree of files; undefined: to be read again. */
  private current: Settings | undefined;
  private schemas: SchemaCache = new Map();
  /** What the schemas were made of. */
  private readonly read = new Set<RepoPath>();

  private constructor(
    context: RepositoryContext,
    {
      branch,
      files,
      governing,
    }: { readonly branch: string; readonly files: BatchFiles; readonly governing: Settings },
  ) {
    this.context = context;
    this.branch = branch;
    this.files = files;
    this.governing = governing;
  }

  /** `base` is the commit that the batch goes on; null: none yet. Throws E_OBJECT_MISSING, E_CORRUPT. */
  static async open(
    context: RepositoryContext,
    {
      branch,
      base,
      files,
    }: { readonly branch: string; readonly base: Oid | null; readonly files: BatchFiles },
  ): Promise<BatchGate> {
    return new BatchGate(context, { branch, files, governing: await governingSettings(context, base) });
  }

  /** Throws E_PROTECTED. `isFirst`: the branch has no commit yet. */
  requireAllowed(isFirst: boolean, sign: boolean | undefined): void {
    const { branch } = this;
    const protection = protectionOf(branch, this.governing.branches);
    requireAllowed({ protection, branch, action: 'commit', facts: { empty: isFirst } });
    if (!isFirst) requireSigning(this.context, { protection, branch, sign });
  }

  /** Throws E_GATE unless the configuration files among the changes parse and satisfy their schemas. */
  async requireValid(changes: ReadonlyMap<RepoPath, ChangedContent | undefined>): Promise<void> {
    this.forget(changes);
    this.current ??= await this.readSettings();
    const settings = this.current;
    const files: FileContent[] = [];
    const documents = new Map<RepoPath, ConfigDocument>();
    for (const content of changes.values()) {
      if (content === undefined || !isFile(content) || !isConfigFile(settings, content.path)) continue;
      const { path, mode, data, document } = content;
      files.push({ path, mode, data });
      if (document !== undefined) documents.set(path, document);
    }
    const read = async (path: RepoPath): Promise<Uint8Array | undefined> => {
      this.read.add(path);
      return this.files.read(path);
    };
    const { schemas } = this;
    const { code } = this.context.store;
    const problems = errorsOf(
      await checkContents({ files, settings, read, schemas, code, documents, errorsOnly: true }),
    );
    if (problems.length > 0) throw gateError(problems, 'correct the change, nothing is committed');
    this.governing = settings;
  }

  private forget(changes: ReadonlyMap<RepoPath, ChangedContent | undefined>): void {
    if (changes.has(settingsPath)) this.current = undefined;
    if (![...changes.keys()].some((path) => this.read.has(path))) return;
    this.schemas = new Map();
    this.read.clear();
  }

  private async readSettings(): Promise<Settings> {
    const data = await this.files.read(settingsPath);
    try {
      return parseSettings(data && decodeText(data, settingsPath));
    } catch (error) {
      if (!isConfigError(error, 'E_SETTINGS')) throw error;
      throw settingsGateError(error, `correct '${settingsPath}'`);
    }
  }
}

export type * from './repository.js';
export type * from './types.js';
export type * from './remote-types.js';
export type { PlainProblem, RelatedPlace } from './problems.js';
export type { CloneOptions } from './clone.js';
export type { Author } from './identity.js';
export type { ChangedFile } from './compare.js';
export type { FetchOptions } from './fetch.js';
export type { InitOptions } from './init.js';
export type { ListRemoteOptions } from './ls-remote.js';
export type { FsckFolder, FsckOptions } from './maintenance.js';
export type { PullOptions } from './pull.js';
export type { PushOptions } from './push.js';
export {
  cloneRepository,
  compareFile,
  fsckRepository,
  initRepository,
  listRemoteRefs,
  openRepository,
} from './standalone.js';

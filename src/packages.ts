/**
 * Packages that are loaded when they are first needed, and not before: that takes longer than to read a configuration which needs
 * none of them. In the command line they are modules of its pack (scripts/modules.js).
 */
import { createRequire } from 'node:module';
import type * as Ini from 'ini';
import type * as Picomatch from 'picomatch';
import type * as Semver from 'semver';
import type * as Yaml from 'yaml';

const require = createRequire(import.meta.url);

let loadedIni: typeof Ini | undefined;
let loadedPicomatch: typeof Picomatch.default | undefined;
let loadedSemver: typeof Semver.default | undefined;
let loadedYaml: typeof Yaml | undefined;

export function ini(): typeof Ini {
  return (loadedIni ??= require('ini'));
}

export function picomatch(): typeof Picomatch.default {
  return (loadedPicomatch ??= require('picomatch'));
}

export function semver(): typeof Semver.default {
  return (loadedSemver ??= require('semver'));
}

export function yaml(): typeof Yaml {
  return (loadedYaml ??= require('yaml'));
}

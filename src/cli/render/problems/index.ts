/** The problems of a validation in every format that people and their tools read. */
export { renderGithub } from './github.js';
export { renderGitlab } from './gitlab.js';
export { problemLine, renderProblems } from './human.js';
export { renderJunit } from './junit.js';
export { renderSarif } from './sarif.js';

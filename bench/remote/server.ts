/** `git http-backend` behind HTTP, in a process of its own: `server.ts FOLDER` serves the repositories of a folder and prints the address. */
import { serveHttp } from '../../test/interop/remotes/http-server.js';

const [root = '.'] = process.argv.slice(2);
const { url } = await serveHttp({ root });
console.log(url);

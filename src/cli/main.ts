import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import colors from 'picocolors';
import { EngineClient } from '../protocol/engine-client';
import { runCli } from './program';

// The bundle may be an ES or a CommonJS module; either lies beside the engine's.
const here = typeof __filename === 'string' ? __filename : fileURLToPath(import.meta.url);
const modulePath = join(dirname(here), 'engine.js');

// `pocketflow runs list | head` closes the pipe early, which is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

void runCli(
  {
    cwd: process.cwd(),
    stdout: process.stdout,
    stderr: process.stderr,
    interactive: process.stderr.isTTY && process.env.TERM !== 'dumb',
    colors,
    home: dirname(dirname(here)),
    startEngine: (options) => EngineClient.start({ ...options, modulePath }),
    onInterrupt: (listener) => {
      process.on('SIGINT', listener).on('SIGTERM', listener);
      return () => process.off('SIGINT', listener).off('SIGTERM', listener);
    },
  },
  process.argv.slice(2),
).then((code) => {
  // Native threads may outlive the work; what is in the pipe must still get out.
  process.stdout.write('', () => process.exit(code));
});

/** A set-up that can't go on; the message says what to do. */
export class SetupError extends Error {}

const started = Date.now();
/** Whether the cursor stands at the end of a line that the next second rewrites. */
let live = false;

/** Progress goes to stderr: stdout belongs to the command that was set up for. */
export function say(text) {
  process.stderr.write(`${live ? '\n' : ''}${stamped(text)}\n`);
  live = false;
}

/** Says what is being done, and that it still is: each second on a terminal, now and then elsewhere. */
export async function phase(text, work) {
  const begun = Date.now();
  const { isTTY } = process.stderr;
  const rewrite = (line) => {
    process.stderr.write(`\r${stamped(line)}`);
    live = true;
  };
  const show = isTTY ? rewrite : say;
  if (isTTY && live) process.stderr.write('\n');
  show(text);
  const timer = setInterval(
    () => show(`${text} ... ${Math.round((Date.now() - begun) / 1000)} s`),
    isTTY ? 1000 : 15_000,
  );
  try {
    return await work();
  } finally {
    clearInterval(timer);
    if (live) process.stderr.write('\n');
    live = false;
  }
}

function stamped(text) {
  return `[${((Date.now() - started) / 1000).toFixed(1).padStart(5)} s] ${text}`;
}

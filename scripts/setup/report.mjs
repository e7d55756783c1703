/** A set-up that can't go on; the message says what to do. */
export class SetupError extends Error {}

const started = Date.now();

export function say(text) {
  console.log(`[${((Date.now() - started) / 1000).toFixed(1).padStart(5)} s] ${text}`);
}

/** Says what is being done, and now and then that it still is. */
export async function phase(text, work) {
  say(text);
  const begun = Date.now();
  const timer = setInterval(() => say(`${text} ... ${Math.round((Date.now() - begun) / 1000)} s`), 15_000);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

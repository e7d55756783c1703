import type { z } from 'zod';

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): VsCodeApi;

/** The editor, seen from a panel: it takes messages of one kind and sends ones that `schema` describes. */
export class Host<Sent> {
  private readonly api = acquireVsCodeApi();
  /** What a reloaded window gives back to the extension. */
  private readonly state: Readonly<Record<string, unknown>>;
  private readonly before: unknown = this.api.getState();

  /** @param root Carries the panel's own state. */
  constructor(root: HTMLElement) {
    this.state = JSON.parse(root.dataset['state'] ?? '{}') as Record<string, unknown>;
    this.api.setState({ ...this.state, kept: this.kept() });
  }

  /** What `keep` was last given, before the page was hidden or the window reloaded. */
  kept(): unknown {
    return typeof this.before === 'object' && this.before !== null && 'kept' in this.before
      ? this.before.kept
      : undefined;
  }

  /** Keeps what the user has chosen in the page. */
  keep(choices: unknown): void {
    this.api.setState({ ...this.state, kept: choices });
  }

  post(message: Sent): void {
    this.api.postMessage(message);
  }

  /** What doesn't fit is left out: a panel of an older version may outlive an update. */
  listen<T>(schema: z.ZodType<T>, listener: (message: T) => void): void {
    window.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      const message = schema.safeParse(data);
      if (message.success) listener(message.data);
      else console.warn(message.error.message);
    });
  }
}

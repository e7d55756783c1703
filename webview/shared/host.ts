import type { z } from 'zod';

interface VsCodeApi {
  postMessage(message: unknown): void;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): VsCodeApi;

/** The editor, seen from a panel: it takes messages of one kind and sends ones that `schema` describes. */
export class Host<Sent> {
  private readonly api = acquireVsCodeApi();

  /** What the page carries as state is what a reloaded window gives back to the extension. */
  constructor(root: HTMLElement) {
    this.api.setState(JSON.parse(root.dataset['state'] ?? 'null'));
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

import { Uri, type Disposable, type LogOutputChannel, type Webview } from 'vscode';
import type { z } from 'zod';
import { webviewFolder, webviewHtml } from './html';

export interface PageOptions<Received> {
  readonly webview: Webview;
  readonly extensionUri: Uri;
  readonly log: LogOutputChannel;
  /** Of its script and style in dist/webview. */
  readonly name: string;
  readonly title: string;
  /** What a reloaded window gives back. */
  readonly state: unknown;
  /** What the page may send; anything else is logged and dropped. */
  readonly messages: z.ZodType<Received>;
  readonly onMessage: (message: Received) => unknown;
  /** Called when the page has been loaded, maybe again. */
  readonly onReady?: () => void;
}

/** The page in a webview and the messages to and from it. */
export class Page<
  Sent extends { readonly type: string },
  Received extends { readonly type: string },
> implements Disposable {
  private readonly latest = new Map<string, Sent>();
  private readonly receiving: Disposable;
  private listens = false;

  constructor(private readonly options: PageOptions<Received>) {
    const { webview, extensionUri, name, title, state } = options;
    webview.options = { enableScripts: true, localResourceRoots: [webviewFolder(extensionUri)] };
    this.receiving = webview.onDidReceiveMessage((message) => this.receive(message));
    webview.html = webviewHtml(webview, extensionUri, { name, title, state });
  }

  /** Sends a message, now or once the page listens; it gets the latest of each type again when it is loaded again. */
  send(message: Sent): void {
    this.latest.set(message.type, message);
    if (this.listens) void this.options.webview.postMessage(message);
  }

  /** Sends a message that is of no use to a page that is loaded later. */
  post(message: Sent): void {
    if (this.listens) void this.options.webview.postMessage(message);
  }

  dispose(): void {
    this.receiving.dispose();
  }

  private receive(sent: unknown): void {
    const { name, log, messages, webview, onMessage, onReady } = this.options;
    const message = messages.safeParse(sent);
    if (!message.success) return log.warn(`${name} panel: ${message.error.message}`);
    if (message.data.type === 'ready') {
      this.listens = true;
      for (const waiting of this.latest.values()) void webview.postMessage(waiting);
      onReady?.();
    } else {
      void onMessage(message.data);
    }
  }
}

/** The icon of panels. */
export function panelIcon(extensionUri: Uri): { light: Uri; dark: Uri } {
  const image = (name: string): Uri => Uri.joinPath(extensionUri, 'images', name);
  return { light: image('file-light.svg'), dark: image('file-dark.svg') };
}

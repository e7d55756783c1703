import { randomBytes } from 'node:crypto';
import { Uri, type Webview } from 'vscode';

export interface Page {
  /** Its script and style are dist/webview/NAME.js and NAME.css. */
  readonly name: string;
  readonly title: string;
  /** What the page hands to `setState`, so that its serializer gets it after a reload. */
  readonly state: unknown;
}

/** The HTML of a webview that may load its own script and style and nothing else. */
export function webviewHtml(webview: Webview, extensionUri: Uri, { name, title, state }: Page): string {
  const nonce = randomBytes(16).toString('base64');
  const resource = (file: string): string =>
    webview.asWebviewUri(Uri.joinPath(webviewFolder(extensionUri), file)).toString();
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource}`,
    `font-src ${webview.cspSource}`,
    `img-src ${webview.cspSource}`,
  ].join('; ');
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${policy}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <link rel="stylesheet" href="${resource(`${name}.css`)}" />
    <title>${title}</title>
  </head>
  <body>
    <main id="root" data-state="${escapeAttribute(JSON.stringify(state))}"></main>
    <script nonce="${nonce}" src="${resource(`${name}.js`)}"></script>
  </body>
</html>`;
}

/** The only folder that webviews may load from. */
export function webviewFolder(extensionUri: Uri): Uri {
  return Uri.joinPath(extensionUri, 'dist', 'webview');
}

function escapeAttribute(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;');
}

import { FileType, Uri, workspace } from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { languageRequests } from '../../protocol/language';

/** Answers the server about files of virtual workspaces, which only the editor can reach. */
export function onFileRequests(client: LanguageClient): void {
  client.onRequest(languageRequests.kind, async ({ uri }: { uri: string }) => {
    const info = await Promise.resolve(workspace.fs.stat(Uri.parse(uri))).catch(() => undefined);
    if (!info) return null;
    return info.type & FileType.Directory ? 'directory' : 'file';
  });
  client.onRequest(languageRequests.list, async ({ uri }: { uri: string }) => {
    const entries = await Promise.resolve(workspace.fs.readDirectory(Uri.parse(uri))).catch(() => []);
    return entries.map(([name]) => name);
  });
  client.onRequest(languageRequests.read, async ({ uri }: { uri: string }) => {
    const bytes = await Promise.resolve(workspace.fs.readFile(Uri.parse(uri))).catch(() => undefined);
    return bytes ? new TextDecoder().decode(bytes) : null;
  });
}

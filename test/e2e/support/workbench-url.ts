import type { CodeServer } from './code-server';
import { extensionPath } from './paths';

/** Address of a window on the fixture workspace, with the extension under development loaded where none is installed. */
export function workbenchUrl({ address, workspace, hasExtension }: CodeServer, testsPath?: string): string {
  const remote = (path: string): string => `vscode-remote://${address}${path}`;
  const payload: [string, string][] = [
    ...(hasExtension ? [] : ([['extensionDevelopmentPath', remote(extensionPath)]] satisfies [string, string][])),
    ['skipWelcome', 'true'],
    ...(testsPath === undefined ? [] : ([['extensionTestsPath', remote(testsPath)]] satisfies [string, string][])),
  ];
  return `http://${address}/?folder=${encodeURIComponent(workspace)}&payload=${encodeURIComponent(JSON.stringify(payload))}`;
}

import { z } from 'zod';

/** What the language server and its client say to each other beyond LSP. */

/** Given to the server when it starts. */
export const initialization = z.object({
  /** Address of the product's folder, where docs are. */
  home: z.string(),
  /** Whether files that configs name may be read; in a workspace that is not trusted they may not. */
  trusted: z.boolean(),
});
export type Initialization = z.infer<typeof initialization>;

export const languageRequests = {
  /** Server to client: files that are not on a disk that the server can reach. */
  kind: 'pocketflow/kind',
  list: 'pocketflow/list',
  read: 'pocketflow/read',
} as const;

export const languageNotifications = {
  /** Client to server: every config of the workspace. */
  configs: 'pocketflow/configs',
  /** Client to server: the workspace is trusted from now on. */
  trusted: 'pocketflow/trusted',
} as const;

import {
  ErrorCodes,
  NotificationType,
  RequestType,
  ResponseError,
  type MessageConnection,
} from 'vscode-jsonrpc/node.js';
import { z } from 'zod';
import { packError, unpackError } from './failure';
import {
  notifications,
  requests,
  type Method,
  type NotificationBody,
  type NotificationName,
  type Params,
  type Result,
} from './messages';

export type Handlers = { readonly [M in Method]: (params: Params<M>) => Promise<Result<M>> };
export type Listener<N extends NotificationName> = (body: NotificationBody<N>) => void;

/**
 * Asks the other side.
 * @throws ConfigError, EngineError as the other side threw them.
 */
export async function request<M extends Method>(
  connection: MessageConnection,
  method: M,
  params: Params<M>,
): Promise<Result<M>> {
  let answer: unknown;
  try {
    answer = await connection.sendRequest(new RequestType<unknown, unknown, unknown>(method), params);
  } catch (error) {
    throw error instanceof ResponseError ? unpackError(error.message, error.data) : error;
  }
  return requests[method].result.parse(answer) as Result<M>;
}

/** Answers the other side's requests; ones that don't fit the protocol never reach a handler. */
export function answer(connection: MessageConnection, handlers: Handlers): void {
  for (const method of Object.keys(requests) as Method[]) answerOne(connection, method, handlers);
}

function answerOne<M extends Method>(connection: MessageConnection, method: M, handlers: Handlers): void {
  connection.onRequest(new RequestType<unknown, unknown, unknown>(method), async (sent) => {
    const params = requests[method].params.safeParse(sent);
    if (!params.success) {
      return new ResponseError(ErrorCodes.InvalidParams, `${method}: ${z.prettifyError(params.error)}`);
    }
    try {
      return await handlers[method](params.data as Params<M>);
    } catch (error) {
      const { message, data } = packError(error);
      return new ResponseError(ErrorCodes.InternalError, message, data);
    }
  });
}

/** Tells the other side something; it is lost where that is gone already. */
export function notify<N extends NotificationName>(
  connection: MessageConnection,
  name: N,
  body: NotificationBody<N>,
): void {
  connection.sendNotification(new NotificationType<unknown>(name), body).catch(() => undefined);
}

/** Hears what the other side tells; what doesn't fit the protocol is passed over. */
export function listen<N extends NotificationName>(
  connection: MessageConnection,
  name: N,
  listener: Listener<N>,
): void {
  connection.onNotification(new NotificationType<unknown>(name), (sent) => {
    const body = notifications[name].safeParse(sent);
    if (body.success) listener(body.data as NotificationBody<N>);
  });
}

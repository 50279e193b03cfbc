// The server's API, typed by its contract. Every call resolves to the answer's body or throws a Problem.
import createClient, {type Middleware} from 'openapi-fetch';
import {Problem} from './problem';
import type {paths} from './schema';

let csrfToken: string | null = null;
let onSignedOut: () => void = () => {};

/** What /me or a sign-in told; sent with whatever is not GET. */
export function rememberCsrf(token: string | null) {
  csrfToken = token;
}

/** Called when the server says that nobody is signed in any more. */
export function whenSignedOut(then: () => void) {
  onSignedOut = then;
}

export function csrfHeader(): Record<string, string> {
  return csrfToken ? {'X-CSRF-Token': csrfToken} : {};
}

const guard: Middleware = {
  onRequest({request}) {
    if (request.method !== 'GET' && csrfToken) request.headers.set('X-CSRF-Token', csrfToken);
    return request;
  },
  async onResponse({request, response}) {
    if (response.ok || response.status === 304) return response;  // 304: what was asked for is as it was
    const problem = await Problem.of(response);
    const asks = new URL(request.url).pathname;
    if (response.status === 401 && asks !== '/api/v1/me' && asks !== '/api/v1/login') onSignedOut();
    throw problem;
  },
  onError({error}) {
    return error instanceof Problem ? error : Problem.unreachable();
  },
};

export const api = createClient<paths>({baseUrl: '/', credentials: 'same-origin'});
api.use(guard);

/** The body of an answer that has one. */
export async function body<T>(call: Promise<{data?: T}>): Promise<T> {
  const {data} = await call;
  return data as T;
}

/** The same request with the same key is done once: one for each thing that somebody means to make. */
export function idempotencyKey(): string {
  return crypto.randomUUID();
}

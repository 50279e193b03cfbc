// What the server answers instead of what was asked for (RFC 9457), or that it could not be reached at all.
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(
    readonly status: number,
    /** The last word of the problem's type, e.g. "not-signed-in". */
    readonly slug: string,
    readonly detail: string,
    readonly requestId: string | null = null,
    readonly more: Record<string, unknown> = {},
  ) {
    super(detail);
  }

  static async of(response: Response): Promise<Problem> {
    try {
      const told = (await response.json()) as {type: string; detail: string; request_id: string} & Record<string, unknown>;
      return new Problem(response.status, told.type.split(':').pop() ?? '', told.detail, told.request_id, told);
    } catch {
      return new Problem(response.status, 'unknown', response.statusText);
    }
  }

  static unreachable(): Problem {
    return new Problem(0, 'unreachable', 'The server cannot be reached.');
  }
}

export function slugOf(error: unknown): string | null {
  return error instanceof Problem ? error.slug : null;
}

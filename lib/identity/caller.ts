/** Who asks, as a verified token of the foundation's UAA says. */
export interface Caller {
  /** `user_id`, else `client_id`, as Cloud Controller does: a client that acts by itself is a user of that name. */
  readonly userGuid: string;
  /** `user_name`; a client that acts by itself has none. */
  readonly userName: string | undefined;
  /** The UAA client that the token was given to, such as `cf`. */
  readonly clientId: string;
  readonly scopes: readonly string[];
  /** The token itself, without `bearer`: valid for Cloud Controller, too. Never to be logged, stored or answered. */
  readonly token: string;
}

/** The UAA of a foundation, as far as anybody may ask it. Documents come as they are; whoever reads them checks them. */
export interface IdentityProvider {
  /** `/.well-known/openid-configuration` */
  configuration(): Promise<unknown>;
  /** `/token_keys` */
  tokenKeys(): Promise<unknown>;
}

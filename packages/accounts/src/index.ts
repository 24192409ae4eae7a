/** What @lobby/accounts offers: accounts with names and passwords, and tokens that say who a user is. */
export { AccountError } from './account-error.ts';
export { argon2idHasher } from './argon2id-hasher.ts';
export { jwtTokens } from './jwt-tokens.ts';
export { SOURCES_OF_USER } from './known-source.ts';
export { lobbyTokens } from './lobby-tokens.ts';
export { openAccounts } from './open-accounts.ts';
export { openPostgresAccounts } from './postgres-accounts.ts';
export { openSqliteAccounts } from './sqlite-accounts.ts';
export { parsePassword } from './password-rule.ts';
export { TokenKeys } from './token-keys.ts';

export type { AccountErrorCode } from './account-error.ts';
export type { Account, Accounts, Asker } from './accounts.ts';
export type { BoundName, NameUse } from './bound-name.ts';
export type { Argon2idHasher, Argon2idHasherOptions } from './argon2id-hasher.ts';
export type { JwtTokensOptions } from './jwt-tokens.ts';
export type { KnownSource } from './known-source.ts';
export type { AccountsOptions } from './open-accounts.ts';
export type { PasswordHasher } from './password-hasher.ts';
export type { LobbyTokensOptions } from './lobby-tokens.ts';
export type { Argon2idParameters } from './phc-string.ts';
export type { PostgresAccountsOptions } from './postgres-accounts.ts';
export type { SqliteAccountsOptions } from './sqlite-accounts.ts';
export type { TokenIdentity, TokenIssuer } from './token-issuer.ts';
export type { TokenKey } from './token-key.ts';
export type { TokenKeysOptions } from './token-keys.ts';
export type { VoidedTokens } from './voided-token.ts';

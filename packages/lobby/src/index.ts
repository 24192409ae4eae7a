/** The two services of logins, and the rows that an operator sees. */
export { kickRoute, loginRow, tokenKeyRoute, unbindRoute, unlockRoute, userRow } from './admin-rows.ts';
export { LobbyMaster } from './lobby-master.ts';
export { LobbyRunner } from './lobby-runner.ts';

export type { KickReport, LoginRow } from './admin-rows.ts';
export type { LobbyMasterOptions } from './lobby-master.ts';
export type { LobbyRunnerOptions } from './lobby-runner.ts';
export type { GuessLimits } from './guess-limit.ts';
export type { Login } from './login-book.ts';
export type { User } from './user-table.ts';

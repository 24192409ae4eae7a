export { EpochSource } from './epoch-source.ts';
export { LobbyMaster } from './lobby-master.ts';
export { LobbyRunner } from './lobby-runner.ts';
export { LoginBook } from './login-book.ts';
export { UserTable } from './user-table.ts';

export type { LobbyMasterOptions, LoginRow } from './lobby-master.ts';
export type { LobbyRunnerOptions } from './lobby-runner.ts';
export type { Login } from './login-book.ts';
export type { User } from './user-table.ts';

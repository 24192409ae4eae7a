/**
 * What @lobby/client/testing offers: a lobby in one object, for the tests of programs that use the client.
 */
export { TestLobby } from './test-lobby.ts';

export type { TestLobbyOptions } from './test-lobby.ts';

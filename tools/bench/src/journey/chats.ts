/** What everybody does on a journey. */

/** Said and heard, one after the other. */
export const CHATS = 10;
